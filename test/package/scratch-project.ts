import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'node_modules/.bin');
const run = promisify(execFile);

/** A project outside of the repository, with the package installed from the tarball that `npm publish` would send. */
export interface ScratchProject extends AsyncDisposable {
  directory: string;
  tarball: Uint8Array<ArrayBuffer>;
  /** Returns the path of the main file of a package that the project installed. */
  resolve(name: string): string;
  /** Runs a tool of the repository in the project. @throws Error with all its output if it fails */
  run(tool: string, ...args: string[]): Promise<void>;
}

/**
 * Builds the package, packs it, and installs it in a new project that also has React and Vue.
 *
 * @throws Error with the output of npm if one of its commands fails, for example if the registry can't be reached
 */
export async function createScratchProject(): Promise<ScratchProject> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-react-'));
  await cp(join(import.meta.dirname, 'app'), directory, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    await cp(join(import.meta.dirname, file), join(directory, file));
  }
  await execute('npm', ['run', '-s', 'build:widget'], root);
  const { stdout } = await execute('npm', ['pack', '-s', '--pack-destination', directory, './web/dist'], root);
  const tarball = join(directory, stdout.trim());
  await execute('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], directory);
  await execute('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball], directory);
  return {
    directory,
    tarball: new Uint8Array(await readFile(tarball)),
    resolve: createRequire(join(directory, 'package.json')).resolve,
    run: async (tool, ...args) => void (await execute(join(bin, tool), args, directory)),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

async function execute(command: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  try {
    return await run(command, args, { cwd });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
