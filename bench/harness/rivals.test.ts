import { copyFileSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { installRivals } from './rivals.ts';

const bench = join(import.meta.dirname, '..');

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function freshCopy(): string {
  const directory = mkdtempSync(join(tmpdir(), 'shout-box-bench-'));
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(bench, file), join(directory, file));
  return directory;
}

test('without a registry there is a sentence, after a line about what goes on', async () => {
  const progress = vi.spyOn(console, 'error').mockReturnValue();
  // npm cannot get the packages: nothing listens on port 1, and the cache is empty.
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/');
  vi.stubEnv('npm_config_cache', mkdtempSync(join(tmpdir(), 'shout-box-npm-')));
  vi.stubEnv('npm_config_fetch_retry_mintimeout', '1');
  await expect(installRivals(freshCopy())).rejects.toThrow(
    /^The packages .* could not be installed: .*127\.0\.0\.1:1.*npm ci --prefix bench/,
  );
  expect(progress).toHaveBeenCalledWith(expect.stringContaining('Installing'));
});

test('installed packages are not installed again, until the lock file changes', async () => {
  const directory = freshCopy();
  const progress = vi.spyOn(console, 'error').mockReturnValue();
  mkdirSync(join(directory, 'node_modules'));
  writeFileSync(join(directory, 'node_modules/.package-lock.json'), '{}');
  await installRivals(directory);
  expect(progress).not.toHaveBeenCalled();
  vi.stubEnv('PATH', '');
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(directory, 'package-lock.json'), later, later);
  await expect(installRivals(directory)).rejects.toThrow('could not be installed: spawn npm ENOENT');
});
