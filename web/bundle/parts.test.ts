import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { measure, partOf, problemOf, type Sizes } from './parts.ts';

test('what shares code with the script carries a hash, so that a page never mixes two builds', async () => {
  const config = { configFile: join(import.meta.dirname, '../vite.config.ts'), logLevel: 'error' } as const;
  const results = (await build({ ...config, build: { write: false } })) as { output: unknown[] }[];
  const chunks = results.flatMap(({ output }) => output) as { fileName: string; imports: string[] }[];
  const parts = chunks.filter(({ imports }) => imports?.includes('shout-box.js')).map(({ fileName }) => fileName);
  expect(parts.sort()).toEqual([
    expect.stringMatching(/^shout-box-diagnosis-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-moderation-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-outbox-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-page-session-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-renewal-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-rules-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-sign-in-[\w-]{6}\.js$/),
    expect.stringMatching(/^shout-box-writing-[\w-]{6}\.js$/),
  ]);
  const script = chunks.find(({ fileName }) => fileName === 'shout-box.js');
  expect(script?.imports, 'the script waits for no other file').toEqual([]);
}, 30_000);

test('a file of the bundle is known by its part', () => {
  expect(partOf('shout-box.js')).toBe('read');
  expect(partOf('shout-box-de.js')).toBe('de');
  expect(partOf('shout-box-sign-in-Ct-d_3.js')).toBe('sign-in');
  expect(partOf('chunk-abc.js')).toBe('chunk-abc.js');
});

test('a part over its budget, without one, or missing is a problem', () => {
  const problems = (sizes: Sizes, budgets: Sizes) => measure(sizes, budgets).map(problemOf).filter(Boolean);
  expect(problems({ read: 10, writing: 5 }, { read: 10, writing: 6 })).toEqual([]);
  expect(problems({ read: 11, extra: 1 }, { read: 10, gone: 5 })).toEqual([
    'read is 1 B over its budget.',
    'gone has a budget, but the build has no such part.',
    'extra has no budget: add it to web/size-budget.json.',
  ]);
});
