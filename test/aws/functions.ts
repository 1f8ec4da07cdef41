import { mkdtemp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Json, resourcesOf, type Stack } from '../../deploy/check/stack.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../dynamodb.ts';
import { lambdaContext } from '../lambda-context.ts';

type Invoke = (event: Json) => Promise<Json>;

/**
 * Loads the functions from their packages. Each function gets the variables that the template gives it, as when
 * deployed.
 *
 * @param resolved values by variable name: of the variables that only AWS can resolve, and of `DYNAMODB_ENDPOINT`
 */
export async function loadFunctions(
  { template, packages }: Stack,
  resolved: Record<string, string>,
): Promise<Record<string, Invoke>> {
  const functions = resourcesOf(template, 'AWS::Lambda::Function').map(([, { Properties }]) => ({
    name: Properties.FunctionName.split('-').at(-1) as string,
    variables: Properties.Environment.Variables as Record<string, Json>,
  }));
  const outdir = await mkdtemp(join(tmpdir(), 'shout-box-functions-'));
  const files = functions.flatMap(({ name }) => Object.entries(packages[name]!));
  for (const [path, content] of files) await writeFile(join(outdir, basename(path)), content);
  const require = createRequire(join(outdir, 'require'));
  const invokes = functions.map(({ name, variables }) => {
    const env = { ...variablesOf(variables, resolved), ...credentials(name) };
    let handler: ((event: Json, context: object) => Promise<Json>) | undefined;
    const invoke: Invoke = async (event) => {
      // Sets the function's own environment during the call, because adapters read the environment at first use. Tests
      // call one function at a time, so no other function runs meanwhile.
      const before = process.env;
      process.env = { ...env };
      try {
        handler ??= require(`./${name}.cjs`).handler;
        return await handler!(event, lambdaContext());
      } finally {
        process.env = before;
      }
    };
    return [name, invoke] as const;
  });
  return Object.fromEntries(invokes);
}

const TABLES: Record<string, string> = { EventsTable: EVENTS_TABLE, StateTable: STATE_TABLE };

function variablesOf(variables: Record<string, Json>, resolved: Record<string, string>): Record<string, string> {
  return {
    // The template does not set the address of DynamoDB, because the SDK knows the address on AWS.
    DYNAMODB_ENDPOINT: resolved.DYNAMODB_ENDPOINT!,
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, resolved[name] ?? TABLES[value.Ref] ?? String(value)]),
    ),
  };
}

function credentials(name: string): Record<string, string> {
  return { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: name, AWS_SECRET_ACCESS_KEY: 'secret' };
}
