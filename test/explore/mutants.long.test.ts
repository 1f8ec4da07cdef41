import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));

test('every mutant is found, by the invariant and in the scenario that its file names', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [RUN, '--mutants', '--json'], { maxBuffer: 2 ** 26 });
  const { killed, of, mutants } = JSON.parse(stdout);
  expect(killed).toBe(of);
  for (const { invariant, scenario, expected } of mutants) expect({ invariant, scenario }).toEqual(expected);
});
