import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * Parent of the temporary directories. It is inside this project, because the Serverless framework looks for its
 * plugins from a service's directory upwards.
 */
const PARENT = 'node_modules/.cache/shout-box';
/** Files and directories that serverless.yml, its plugins and the functions' code use. */
const PARTS = ['package.json', 'deploy', 'local', 'resources', 'schemas', 'src', 'web'];

/**
 * Makes a temporary directory in which the Serverless framework can run, and passes it to `work`. The framework and the
 * bundle plugin write to `.serverless` and `build` there, so two runs in one directory would overwrite each other's
 * files. The directory has no node_modules, because the framework searches it for files to package, and with
 * node_modules that would take three times as long.
 *
 * @param work uses the directory, which is removed afterwards
 */
export async function inServiceDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  await mkdir(PARENT, { recursive: true });
  const directory = resolve(await mkdtemp(join(PARENT, 'package-')));
  try {
    // The framework does not accept a link as serverless.yml.
    await copyFile('serverless.yml', join(directory, 'serverless.yml'));
    await Promise.all(PARTS.map((part) => symlink(resolve(part), join(directory, part))));
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
