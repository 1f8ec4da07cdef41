import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Inside node_modules, so that the framework finds its plugins by looking upwards. */
const PARENT = 'node_modules/.cache/shout-box';
/** Files and directories that serverless.yml refers to. */
const PARTS = ['package.json', 'deploy', 'local', 'resources', 'schemas', 'src', 'web'];

/**
 * Runs `work` in a temporary directory that the framework takes for a service. The framework packages into
 * `.serverless` and `build` of its directory, so two runs in one would delete each other's files. It also searches the
 * whole directory for what to package, which takes three times as long where node_modules is.
 *
 * @param work gets the directory, which is removed afterwards
 */
export async function inServiceDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  await mkdir(PARENT, { recursive: true });
  const directory = resolve(await mkdtemp(join(PARENT, 'package-')));
  try {
    // The framework does not accept a link as its own file.
    await copyFile('serverless.yml', join(directory, 'serverless.yml'));
    await Promise.all(PARTS.map((part) => symlink(resolve(part), join(directory, part))));
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
