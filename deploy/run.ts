import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { COMPILE_CACHE } from '../local/compile-cache.ts';
import type { Options } from './options.ts';
import { effective } from './own-sign-in.ts';
import { PARAMETERS } from './parameters.ts';

/** Directory into which the Serverless framework writes packages, inside the directory of the service. */
export const PACKAGE = '.serverless';

/** Runs a script with Node, in this terminal. @throws Error if it fails */
async function runNode(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env, cwd });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} failed.`);
}

/**
 * Runs `serverless <command>` for a stage, with the stage's parameters as environment variables.
 *
 * @param directory a directory that `inServiceDirectory` made; `deploy` deploys the package that is in it
 * @param params values for `${param:…}` in serverless.yml
 */
export async function serverless(
  command: 'package' | 'deploy' | 'remove',
  directory: string,
  { stage, region }: Options,
  parameters: Readonly<Record<string, string>>,
  params: Readonly<Record<string, string>> = {},
): Promise<void> {
  const script = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  const packaged = command === 'deploy' ? ['--package', PACKAGE] : [];
  const args = [script, command, '--stage', stage, '--region', region, ...packaged, ...given];
  // The stage's parameters come only from `parameters`. Variables of the shell with the same names, such as ROOMS, are
  // left out, because they may be meant for `npm start`.
  const shell = Object.entries(process.env).filter(([name]) => !PARAMETERS.includes(name));
  const env = { ...Object.fromEntries(shell), NODE_COMPILE_CACHE: COMPILE_CACHE, ...effective(parameters) };
  await runNode(args, env, directory);
}

/** Runs a command of this project. An error is printed as one message and makes the exit code 1. */
export async function main(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(`\n${(error as Error).message}`);
    process.exitCode = 1;
  }
}
