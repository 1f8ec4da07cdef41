import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startContender } from '../../bench/harness/contender.ts';
import type { Flood, Flooded } from '../../bench/harness/flood.ts';

const FLOODS = fileURLToPath(new URL('../../bench/flood.ts', import.meta.url));

/** Twenty thousand frames a second over one connection, which is reopened as soon as the person may connect again. */
const FLOOD: Flood = { minutes: 0.5, connections: 1, framesPerSecond: 20_000, othersPerSecond: 500, guest: false };

/** Runs a flood in a process of its own, because bench/flood.ts replaces adapters for its whole process. */
async function floodOf(name: string, flood: Partial<Flood> = {}): Promise<Flooded> {
  const contender = await startContender(FLOODS, name);
  const { facts } = await contender.run({ ...FLOOD, ...flood });
  contender.stop();
  return facts as Flooded;
}

/** Time-out of a test, ms. Each flood computes for seconds, and all run in parallel on a machine that may be busy. */
const timeout = 600_000;

it.concurrent.each([
  { who: 'a person', flood: {} },
  { who: 'a guest', flood: { guest: true } },
  { who: 'a person with 20 connections', flood: { connections: 20, minutes: 2 } },
])('a flood of $who leaves the others 95 % of a route', { timeout }, async ({ flood }) => {
  const { left, taken, closed } = await floodOf('ours', flood);
  expect(taken).toBeGreaterThan(100);
  expect(closed).toBeGreaterThan(0);
  expect(left).toBeGreaterThanOrEqual(0.95);
});

it.concurrent.each([
  { what: 'is not closed', name: 'without closing', minutes: 0.1 },
  { what: 'may connect again at once', name: 'without the charge for a flood', minutes: 0.5 },
])('and would leave less if it $what', { timeout }, async ({ name, minutes }) => {
  expect((await floodOf(name, { minutes })).left).toBeLessThan(0.95);
});
