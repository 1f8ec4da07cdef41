import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * Reads the command line.
 *
 * @param config the options of `parseArgs`
 * @param usage how to use the command, printed with the reason when an argument is wrong
 * @returns what `parseArgs` returns; with a wrong argument the process exits with code 2
 */
export function readArguments<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    return fail(`${(error as Error).message}\n${usage}`);
  }
}

/** Prints why the command can't run and exits with code 2. */
export function fail(reason: string): never {
  console.error(reason);
  process.exit(2);
}
