import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { COMPILE_CACHE } from '../../local/compile-cache.ts';
import { effective } from '../own-sign-in.ts';
import { type Parameters, readParametersFile } from '../parameters.ts';
import { PACKAGE } from '../run.ts';
import { inServiceDirectory } from '../service-directory.ts';

// biome-ignore lint/suspicious/noExplicitAny: a compiled template is JSON of a hundred shapes
export type Json = any;

export interface Resource {
  Type: string;
  Properties: Record<string, Json>;
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: { cdk_nag?: { rules_to_suppress: { id: string; reason: string }[] } };
}

export interface Template {
  Conditions: Record<string, Json>;
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: Json }>;
}

/** What a deployment uploads: the template, and one package per function. A package is its files, by path. */
export interface Stack {
  template: Template;
  packages: Record<string, Record<string, Uint8Array>>;
}

/**
 * Compiles the stack as a deployment would, with the parameters of deploy/params.example.yml and no credentials.
 *
 * @param overrides other values for some of the parameters
 * @throws Error that names the file at fault
 */
export async function compileStack(overrides: Parameters = {}): Promise<Stack> {
  const serverless = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const parameters = await readParametersFile('deploy/params.example.yml');
  await requireIncludedFiles('serverless.yml');
  const args = [serverless, 'package', '--stage', 'prod', '--region', 'eu-central-1'];
  // Of the variables of this process, passes only PATH and HOME, so that the template is the same on every machine.
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NODE_COMPILE_CACHE: COMPILE_CACHE, ...effective({ ...parameters, ...overrides }) };
  return inServiceDirectory(async (cwd) => {
    await promisify(execFile)(process.execPath, args, { env, cwd }).catch((error: { stdout: string }) => {
      throw new Error(`serverless.yml cannot be compiled: ${reasonIn(error.stdout)}`);
    });
    return readPackaged(join(cwd, PACKAGE));
  });
}

async function readPackaged(directory: string): Promise<Stack> {
  const template = await readFile(join(directory, 'cloudformation-template-update-stack.json'), 'utf8');
  const zips = (await readdir(directory)).filter((file) => file.endsWith('.zip'));
  const packages = await Promise.all(
    zips.map(async (zip) => [basename(zip, '.zip'), unzipSync(await readFile(join(directory, zip)))] as const),
  );
  return { template: JSON.parse(template), packages: Object.fromEntries(packages) };
}

/**
 * Checks that all files exist that `file` includes. The Serverless framework's own error would not name the missing
 * file, only where it is included, such as "resources.2".
 *
 * @throws Error that names the missing files
 */
async function requireIncludedFiles(file: string): Promise<void> {
  const included = [...(await readFile(file, 'utf8')).matchAll(/\$\{file\(([^)]+)\)/g)].map(([, path]) => path!);
  const missing = included.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`${file} includes ${missing.join(', ')}, which is not there.`);
}

/** Returns the framework's error message without stack trace and advertisement. */
function reasonIn(stdout: string): string {
  const lines = stdout.slice(stdout.indexOf('Error:\n') + 'Error:\n'.length).split('\n');
  return lines
    .filter((line) => line.trim() && !/^\s+at |^Learn more|^Cannot resolve serverless\.yml/.test(line))
    .map((line) => line.replace(/^(Error: | +- )/, ''))
    .join('\n');
}

/** Returns the resources of a type, with their logical ids. */
export function resourcesOf({ Resources }: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}
