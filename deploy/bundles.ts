import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type BuildOptions, build, type Metafile } from 'esbuild';

/** Handler's path → file name → content. The files are the handler's bundle and the parts that it may load later. */
export type Bundles = Record<string, Record<string, Uint8Array>>;

const PREFIX = 'bundles-';
/** Files outside `src` that also determine the bundles. */
const OTHER_INPUTS = ['package-lock.json', 'tsconfig.json', 'deploy/lazy-parts.ts'];

/**
 * Bundles every handler. If the sources have not changed since the last time, returns the bundles from a cache, because
 * bundling takes three seconds of processor time, nearly as much as all the rest of `npm start`. The cache is in
 * node_modules, so `npm ci` empties it.
 *
 * @param root directory of the project
 * @param handlers paths of the handlers' files, relative to `root`
 * @throws Error if a bundle contains a file that is neither in `src` nor in node_modules, because `digest` would miss a
 *   change of this file. The parts are not checked.
 */
export async function bundleHandlers(
  root: string,
  handlers: readonly string[],
  options: BuildOptions,
): Promise<Bundles> {
  const cache = join(root, 'node_modules/.cache/shout-box');
  const name = `${PREFIX}${await digest(root, [handlers, options])}`;
  const present = await readFile(join(cache, name)).catch(() => undefined);
  if (present) return deserialize(present);
  const made = await bundle(root, handlers, options);
  // If the cache cannot be written, as in a read-only container, the handlers are bundled each time.
  await keep(cache, name, made).catch(() => undefined);
  return made;
}

/** Writes these bundles to the cache and deletes all others. */
async function keep(cache: string, name: string, made: Bundles): Promise<void> {
  await mkdir(cache, { recursive: true });
  const older = (await readdir(cache)).filter((file) => file.startsWith(PREFIX) && file !== name);
  await writeFile(join(cache, `${name}.${process.pid}`), serialize(made));
  await rename(join(cache, `${name}.${process.pid}`), join(cache, name));
  await Promise.all(older.map((file) => rm(join(cache, file), { force: true })));
}

async function bundle(root: string, handlers: readonly string[], options: BuildOptions): Promise<Bundles> {
  const entryPoints = handlers.map((handler) => join(root, handler));
  const to = { absWorkingDir: root, outdir: join(root, 'build'), write: false, metafile: true } as const;
  const { outputFiles, metafile } = await build({ ...options, entryPoints, ...to });
  const unseen = Object.keys(metafile.inputs).find((path) => !/^src\/|(^|\/)node_modules\//.test(path));
  if (unseen) throw new Error(`A handler imports ${unseen}, of which a change would not be noticed: move it to src.`);
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  return Object.fromEntries(
    handlers.map((handler) => {
      const main = basename(handler).replace(/\.ts$/, '.cjs');
      const names = [main, ...partsOf(`build/${main}`, metafile)];
      return [handler, Object.fromEntries(names.map((file) => [file, files.get(file)!]))];
    }),
  );
}

/** Returns the names of the parts that a bundle may load. */
function partsOf(path: string, { outputs }: Metafile): string[] {
  const imports = outputs[path]?.imports ?? [];
  return imports.flatMap(({ path, external }) => (external && path.startsWith('./') ? [basename(path)] : []));
}

/** Hashes the contents of everything that determines the bundles, because file dates say little after a checkout. */
async function digest(root: string, settings: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  const names = await readdir(join(root, 'src'), { recursive: true });
  const sources = names.filter((name) => !/\.test\.ts$/.test(name)).sort();
  for (const path of [...OTHER_INPUTS, ...sources.map((name) => join('src', name))]) {
    const content = await readFile(join(root, path)).catch(() => '');
    hash.update(`\n${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}
