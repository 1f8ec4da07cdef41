import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const configFile = 'web/vite.config.ts';
const dist = 'web/dist';
const sources = ['web', 'src/domain', 'package-lock.json'];

let building: Promise<void> | undefined;

/** Builds the single-file widget where it is missing or older than what it is made of; one build at a time. */
export function buildWidget(): Promise<void> {
  building ??= buildWhereStale().finally(() => {
    building = undefined;
  });
  return building;
}

async function buildWhereStale(): Promise<void> {
  const [newest, made] = await Promise.all([newestOf(sources), modified(join(dist, 'shout-box.js'))]);
  if (made > newest) return;
  const { build } = await import('vite');
  await build({ configFile, logLevel: 'warn' });
}

export function readWidget(file: string): Promise<Buffer> {
  return readFile(join(dist, file));
}

async function newestOf(paths: readonly string[]): Promise<number> {
  const times = await Promise.all(
    paths.map(async (path) => {
      const names = await readdir(path, { recursive: true }).catch(() => []);
      const files = names.filter((name) => /\.(ts|css|html)$/.test(name) && !/^dist|\.test\.ts$/.test(name));
      return Math.max(await modified(path), ...(await Promise.all(files.map((name) => modified(join(path, name))))));
    }),
  );
  return Math.max(...times);
}

async function modified(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}
