import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { type Parameters, readParametersFile } from '../parameters.ts';

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

/** What would be deployed: the template and, by function name, the files of each package. */
export interface Stack {
  template: Template;
  packages: Record<string, Record<string, Uint8Array>>;
}

/**
 * Compiles the stack as a deployment would, with the parameters of deploy/params.example.yml and no credentials.
 *
 * @param overrides other values for some of the parameters
 */
export async function compileStack(overrides: Parameters = {}): Promise<Stack> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-package-'));
  const serverless = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const parameters = await readParametersFile('deploy/params.example.yml');
  await promisify(execFile)(
    process.execPath,
    [serverless, 'package', '--stage', 'prod', '--region', 'eu-central-1', '--package', directory],
    // Nothing of the caller's, so that the template is the same on every machine.
    { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...parameters, ...overrides } },
  );
  const template = await readFile(join(directory, 'cloudformation-template-update-stack.json'), 'utf8');
  const zips = (await readdir(directory)).filter((file) => file.endsWith('.zip'));
  const packages = await Promise.all(
    zips.map(async (zip) => [basename(zip, '.zip'), unzipSync(await readFile(join(directory, zip)))] as const),
  );
  return { template: JSON.parse(template), packages: Object.fromEntries(packages) };
}

/** The resources of a type, by logical id. */
export function resourcesOf({ Resources }: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}
