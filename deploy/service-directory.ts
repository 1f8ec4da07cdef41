import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Parent of the temporary directories. The framework looks upwards for its plugins, so it is inside node_modules. */
const PARENT = 'node_modules/.cache/shout-box';
/** Files and directories that serverless.yml refers to. */
const PARTS = ['package.json', 'deploy', 'local', 'resources', 'schemas', 'src', 'web'];

/**
 * Makes a temporary directory that the framework takes for a service, and passes it to `work`. The framework packages
 * into `.serverless` and `build` of the service's directory, so two runs in the same one would delete each other's
 * files. It also searches the whole directory for files to package, which takes three times as long with node_modules.
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
