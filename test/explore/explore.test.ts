import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const HARMLESS = fileURLToPath(new URL('harmless.diff', import.meta.url));
const RUN = fileURLToPath(new URL('run.ts', import.meta.url));

/** Runs `npm run explore` in its own process, because the tests check its exit code and its output. */
function explore(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [RUN, ...options], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test.concurrent('no invariant is violated in any order of events, and every scenario is searched to its end', {
  timeout: 300_000,
}, async () => {
  const { code, stdout, stderr } = await explore('--json');
  expect(code, `${stderr}\n${stdout}`).toBe(0);
  const { states, violations, scenarios } = JSON.parse(stdout);
  expect(violations).toBe(0);
  expect(states).toBeGreaterThanOrEqual(1_000_000);
  for (const { name, finished } of scenarios) expect([name, finished]).toEqual([name, true]);
});

/** Each of these mutants brings back a fault that this search once found. */
test.concurrent.each([
  ['young-room-ends', 'I7'],
  ['page-shows-deleted', 'I5'],
  ['head-in-one-write', 'I3'],
])('finds %s and tells the shortest trace', { timeout: 300_000 }, async (name, invariant) => {
  const { code, stdout } = await explore('--threads', '1', '--mutant', `test/explore/mutants/${name}.diff`);
  expect(code, stdout).toBe(0);
  expect(stdout).toContain(`${invariant} is violated: `);
  expect(stdout).toMatch(/The shortest trace:\n +1\. .*\n +2\. /);
});

test.concurrent('a change that breaks nothing is reported as not found', { timeout: 300_000 }, async () => {
  const { code, stdout } = await explore('--mutant', HARMLESS, '--only', 'deleted-twice', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ killed: 0, of: 1 });
});

test.concurrent.each([
  [['--only', 'nonsense'], 'There is no scenario nonsense. There are: '],
  [['--threads', '0'], 'Usage'],
  [['--nonsense'], 'Usage'],
  [['--mutant', 'nonsense.diff'], 'nonsense.diff: '],
  [['--mutant', 'package.json'], 'package.json: This is no unified diff.'],
])('says what is wrong with %j', async (options, sentence) => {
  const { code, stderr } = await explore(...options);
  expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});
