import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';

test('what shares code with the script carries a hash, so that a page never mixes two builds', async () => {
  const config = { configFile: join(import.meta.dirname, '../vite.config.ts'), logLevel: 'error' } as const;
  const results = (await build({ ...config, build: { write: false } })) as { output: unknown[] }[];
  const chunks = results.flatMap(({ output }) => output) as { fileName: string; imports: string[] }[];
  const parts = chunks.filter(({ imports }) => imports?.includes('shout-box.js')).map(({ fileName }) => fileName);
  expect(parts.sort()).toEqual([
    expect.stringMatching(/^shout-box-sign-in-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-writing-[\w-]{6}\.js$/),
  ]);
  expect(chunks.map(({ fileName }) => fileName)).toContain('shout-box.js');
});
