import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { broken } from './broken.ts';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));
const HOURS = '5';
const FIXED_SEED = '20261125';
/**
 * Time after which a run counts as hanging, ms. A run takes up to a minute, and longer if all runs share a busy
 * machine.
 */
const HANGING_MS = 600_000;

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a simulation in its own process, because it replaces modules and should run in parallel with others. */
function simulate(...options: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [RUN, ...options], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      // A process that was killed has no exit code.
      resolve({ code: error ? Number(error.code ?? Number.NaN) : 0, stdout, stderr }),
    );
  });
}

const hashOf = ({ stdout }: Result) => (JSON.parse(stdout) as { hash: string }).hash;

test.concurrent('nothing is lost, doubled, reordered or hidden in five simulated hours of every fault', {
  timeout: HANGING_MS,
}, async () => {
  const { code, stdout, stderr } = await simulate('--seed', FIXED_SEED, '--hours', HOURS, '--json');
  expect(code, stderr).toBe(0);
  const { violations, faults, checked } = JSON.parse(stdout);
  expect(violations).toBe(0);
  expect(checked).toBeGreaterThan(100_000);
  for (const [fault, strikes] of Object.entries(faults)) expect([fault, strikes]).not.toEqual([fault, 0]);
});

test.concurrent('nor in five with a seed that nobody has tried', { timeout: HANGING_MS }, async () => {
  const seed = String(Math.floor(Math.random() * 2 ** 31));
  console.log(`npm run simulate -- --seed ${seed} --hours ${HOURS}`);
  const { code, stderr } = await simulate('--seed', seed, '--hours', HOURS);
  expect(code, stderr).toBe(0);
});

test.concurrent('a seed decides everything, and another seed decides otherwise', { timeout: HANGING_MS }, async () => {
  const runs = await Promise.all(['7', '7', '8'].map((seed) => simulate('--seed', seed, '--hours', '0.3', '--json')));
  const [once, again, other] = runs.map(hashOf);
  expect(again).toBe(once);
  expect(other).not.toBe(once);
});

test.concurrent('walks up to a moment and shows what happened before it', { timeout: HANGING_MS }, async () => {
  const { stdout } = await simulate('--seed', '7', '--until', '20', '--trace', '--from', '18');
  const moments = [...stdout.matchAll(/^(\d+\.\d{3}) /gm)].map(([, at]) => Number(at));
  expect(Math.min(...moments)).toBeGreaterThanOrEqual(18_000);
  expect(Math.max(...moments)).toBeLessThanOrEqual(20_000);
});

test.concurrent.each(Object.entries(broken))(
  'the judge notices: %s',
  { timeout: HANGING_MS },
  async (name, { fault, breaks }) => {
    const { code, stderr } = await simulate('--seed', '3', '--hours', '1', '--broken', name, '--only', fault);
    expect(code).toBe(1);
    expect(stderr).toContain(`${breaks} `);
    expect(stderr).toContain('--seed 3');
  },
);

test.concurrent.each([
  [['--seed', 'seven'], 'Usage'],
  [['--hours', '0'], 'Usage'],
  [['--only', 'nonsense'], 'There is no fault nonsense'],
  [['--broken', 'nonsense'], 'There is no broken variant nonsense'],
  [['--nonsense'], 'Usage'],
])('says what is wrong with %j', async (options, sentence) => {
  const { code, stderr } = await simulate(...options);
  expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});
