import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { compileStack, type Stack } from '../../deploy/check/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A directory of this run. */
    compiledStack: string;
  }
}

/** Vitest calls it before the first test of a run. @returns what it calls after the last one */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-compiled-'));
  project.provide('compiledStack', directory);
  return () => rm(directory, { recursive: true, force: true });
}

/**
 * The stack with the parameters of deploy/params.example.yml. The first test file that asks compiles it for all files of
 * the run, since that takes ten seconds of a processor.
 *
 * @throws Error with the message of `compileStack`
 */
export async function compiledStack(): Promise<Stack> {
  const directory = inject('compiledStack');
  const result = join(directory, 'result');
  if (await claims(join(directory, 'claim'))) {
    const outcome = await compileStack().catch((error: Error) => error);
    await writeFile(`${result}.part`, serialize(outcome));
    await rename(`${result}.part`, result);
  }
  await untilThere(directory, result);
  const outcome: Stack | Error = deserialize(await readFile(result));
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

/** @returns whether nobody came before */
function claims(directory: string): Promise<boolean> {
  return mkdir(directory).then(
    () => true,
    () => false,
  );
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
