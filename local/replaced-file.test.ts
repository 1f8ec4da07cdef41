import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replacedFile } from './replaced-file.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'replaced-file-'));
});
afterEach(() => rm(dir, { recursive: true }));

it('holds the last of many texts, and nothing is left beside it', async () => {
  const write = replacedFile(join(dir, 'kept.json'));
  await Promise.all(['one', 'two', 'three'].map(write));
  expect(await readFile(join(dir, 'kept.json'), 'utf8')).toBe('three');
  expect(await readdir(dir)).toEqual(['kept.json']);
});

it('goes on after a write that failed', async () => {
  await writeFile(join(dir, 'in-the-way'), '');
  const write = replacedFile(join(dir, 'in-the-way/kept.json'));
  await expect(write('one')).rejects.toThrow();
  await rm(join(dir, 'in-the-way'));
  await write('two');
  expect(await readFile(join(dir, 'in-the-way/kept.json'), 'utf8')).toBe('two');
});
