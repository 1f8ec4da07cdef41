import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.each([
  ['bench', 'bench/main.ts'],
  ['check', 'scripts/check.ts'],
  ['explore', 'test/explore/run.ts'],
  ['faults', 'test/faults/run.ts'],
  ['mutate', 'scripts/mutate.ts'],
  ['simulate', 'test/simulate/command.ts'],
])('npm run %s says which option it does not know and how it is used', (name, file) => {
  const { status, stderr } = spawnSync(process.execPath, [file, '--nonsense'], { encoding: 'utf8' });
  expect(stderr).toMatch(new RegExp(`^Unknown option '--nonsense'.*\nUsage: npm run ${name} -- `));
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});
