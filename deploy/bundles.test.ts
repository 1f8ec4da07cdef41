import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleHandlers } from './bundles.ts';
import { lazyParts } from './lazy-parts.ts';

let root: string;
let builds: number;
beforeEach(async () => {
  builds = 0;
  root = await mkdtemp(join(tmpdir(), 'shout-box-bundles-'));
  await mkdir(join(root, 'src/handlers'), { recursive: true });
  await write('src/handlers/ping.ts', "import { pong } from '../pong.ts'; export const handler = () => pong;");
  await write('src/pong.ts', "export const pong = 'pong 1';");
});
afterEach(() => rm(root, { recursive: true }));

const write = (path: string, text: string) => writeFile(join(root, path), text);
const options: BuildOptions = {
  ...{ bundle: true, format: 'cjs', platform: 'node', outExtension: { '.js': '.cjs' }, logLevel: 'silent' },
  plugins: [lazyParts, { name: 'count', setup: ({ onStart }) => onStart(() => void builds++) }],
};
async function bundled(given = options): Promise<Record<string, string>> {
  const { 'src/handlers/ping.ts': files } = await bundleHandlers(root, ['src/handlers/ping.ts'], given);
  return Object.fromEntries(Object.entries(files!).map(([name, code]) => [name, Buffer.from(code).toString()]));
}

test('the same sources are bundled once', async () => {
  const first = await bundled();
  expect(first['ping.cjs']).toContain('pong 1');
  expect(await bundled()).toEqual(first);
  expect(builds).toBe(1);
});

test.each<[what: string, change: () => Promise<void>]>([
  ['a source', () => write('src/pong.ts', "export const pong = 'pong 2';")],
  ['a new source', () => write('src/pang.ts', '')],
  ['the packages', () => write('package-lock.json', '{}')],
  ['the settings of TypeScript', () => write('tsconfig.json', '{}')],
])('%s that changed is bundled anew, and only the newest bundles are kept', async (_, change) => {
  await bundled();
  await change();
  await bundled();
  expect(builds).toBe(2);
  expect(await readdir(join(root, 'node_modules/.cache/shout-box'))).toHaveLength(1);
});

test('where nothing can be kept they are made each time', async () => {
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await write('node_modules/.cache', 'not a directory');
  expect(await bundled()).toEqual(await bundled());
  expect(builds).toBe(2);
});

test('other options give other bundles', async () => {
  await bundled();
  expect((await bundled({ ...options, banner: { js: '// other' } }))['ping.cjs']).toContain('// other');
});

test('what is imported when it is needed is a file beside the bundle, from the cache too', async () => {
  await write('src/handlers/ping.ts', "export const handler = () => import('../pong.ts');");
  const names = ['ping.cjs', 'pong.cjs'];
  expect(Object.keys(await bundled())).toEqual(names);
  expect(Object.keys(await bundled())).toEqual(names);
});

test('an import from outside src is refused, because its changes would go unnoticed', async () => {
  await write('pong.ts', "export const pong = 'pong';");
  await write('src/pong.ts', "export { pong } from '../pong.ts';");
  await expect(bundled()).rejects.toThrow('A handler imports pong.ts');
});
