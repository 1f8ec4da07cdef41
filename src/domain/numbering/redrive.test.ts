import { expect, test } from 'vitest';
import type { NewEvent } from '../ports/event-log.ts';
import { redrive } from './redrive.ts';

const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'alice' };
const event = (room: string, at: number, id = `${at}`): NewEvent => ({
  ...{ room, id: `${actor.id}:${id}`, type: 'MessagePosted', v: 1, at, actor, data: { text: `${at}` } },
});

async function redriven(events: readonly NewEvent[]) {
  const batches: [room: string, at: number[]][] = [];
  const source = (async function* () {
    yield* events;
  })();
  const total = await redrive(source, 90, async (room, batch) => void batches.push([room, batch.map(({ at }) => at)]));
  return { total, batches };
}

test('room by room, in the order of the appends', async () => {
  const { total, batches } = await redriven([event('a', 3), event('a', 1), event('b', 2), event('b', 1)]);
  expect(batches).toEqual([
    ['a', [1, 3]],
    ['b', [1, 2]],
  ]);
  expect(total).toBe(4);
});

test('no batch is larger than one transaction numbers', async () => {
  for (const [length, expected] of [
    [200, [90, 90, 20]],
    [180, [90, 90]],
  ] as const) {
    const { batches } = await redriven(Array.from({ length }, (_, at) => event('a', at)));
    expect(batches.map(([, at]) => at.length)).toEqual(expected);
  }
});

test('events of one millisecond have an order too, always the same', async () => {
  const events = [event('a', 1, 'y'), event('a', 1, 'x'), event('a', 1, 'z')];
  for (const found of [events, events.toReversed()]) {
    const seen: string[] = [];
    const source = (async function* () {
      yield* found;
    })();
    await redrive(source, 90, async (_, batch) => void seen.push(...batch.map(({ id }) => id)));
    expect(seen).toEqual(['x', 'y', 'z'].map((id) => `${actor.id}:${id}`));
  }
});

test('nothing left is nothing done', async () => expect(await redriven([])).toEqual({ total: 0, batches: [] }));
