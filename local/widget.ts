import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const configFile = 'web/vite.config.ts';
const dist = 'web/dist';
const sources = ['web', 'src/domain', 'package-lock.json'];

let building: Promise<void> | undefined;

/**
 * Builds the widget if it is missing or older than its sources. This process runs only one build at a time.
 *
 * @throws Error with Vite's message
 */
export function buildWidget(): Promise<void> {
  building ??= buildWhereStale().finally(() => {
    building = undefined;
  });
  return building;
}

export function readWidget(file: string): Promise<Buffer> {
  return readFile(join(dist, file));
}

async function buildWhereStale(): Promise<void> {
  const [newest, made] = await Promise.all([newestOf(sources), modified(join(dist, 'shout-box.js'))]);
  // If both times are equal, the build counts as current. In a file system that stores whole seconds, such as the
  // layers of a container image, a build may have the same time as its sources.
  if (made >= newest) return;
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  // Builds in another process, because Vite builds for the NODE_ENV of its process. In this process, the Vite server of
  // local/pages.ts sets NODE_ENV to `development`.
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', configFile, '--logLevel', 'warn'], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
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
