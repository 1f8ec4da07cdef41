import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Inside node_modules, so that the framework finds its plugins by looking upwards. */
const PARENT = 'node_modules/.cache/shout-box';
/** Where serverless.yml refers to. */
const PARTS = ['package.json', 'deploy', 'local', 'resources', 'schemas', 'src', 'web'];

/**
 * Runs work in a directory that is a service to the framework. It packages in `.serverless` and `build` of where it
 * runs, so two at once would delete each other's files; and it looks for what to package in everything that is there,
 * which with node_modules takes three times as long.
 *
 * @param work is given the directory, which is gone afterwards
 */
export async function inServiceDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  await mkdir(PARENT, { recursive: true });
  const directory = resolve(await mkdtemp(join(PARENT, 'package-')));
  try {
    // The framework takes no link for its own file.
    await copyFile('serverless.yml', join(directory, 'serverless.yml'));
    await Promise.all(PARTS.map((part) => symlink(resolve(part), join(directory, part))));
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
