import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A directory that all test files of this run share. */
    runDirectory: string;
  }
}

/** Vitest's global setup, called before the first test of a run. @returns the teardown, called after the last test */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-run-'));
  project.provide('runDirectory', directory);
  return () => rm(directory, { recursive: true, force: true });
}

/**
 * Returns a value that takes seconds to make and is the same for all test files. The first file that asks makes it, and
 * the other files of the run get a copy.
 *
 * @throws Error that `make` threw
 */
export async function oncePerRun<T>(name: string, make: () => Promise<T>): Promise<T> {
  const directory = inject('runDirectory');
  // A Vitest configuration without the setup above has no shared directory.
  if (!directory) return make();
  const result = join(directory, name);
  if (await claims(`${result}.claim`)) {
    const outcome = await make().catch((error: Error) => error);
    await writeFile(`${result}.part`, serialize(outcome));
    await rename(`${result}.part`, result);
  }
  await untilThere(directory, result);
  const outcome: T | Error = deserialize(await readFile(result));
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

/** Creates the directory that marks a value as claimed. @returns false if it was claimed before */
async function claims(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function untilThere(directory: string, file: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(directory);
    const look = () => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    watcher.on('change', look);
    look();
  });
}
