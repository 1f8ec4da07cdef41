import { checkEnvironment, checkHandlers } from './functions.ts';
import { checkNag } from './nag.ts';
import { checkReferences } from './references.ts';
import { checkRules } from './rules.ts';
import { checkSpec } from './spec.ts';
import type { Stack } from './stack.ts';

export interface Result {
  name: string;
  /** One sentence for each problem; empty if the check passes. */
  problems: string[];
}

const checks: Record<string, (stack: Stack) => string[] | Promise<string[]>> = {
  'types and properties (aws-service-spec)': ({ template }) => checkSpec(template),
  'references, without a circle': ({ template }) => checkReferences(template),
  'AwsSolutions (cdk-nag)': ({ template }) => checkNag(template),
  'rules of this project': ({ template }) => checkRules(template),
  'handlers load from their packages': checkHandlers,
  'environment variables': checkEnvironment,
};

/** Runs every check. If a check throws, the first line of the error is its one problem, and other checks still run. */
export async function runChecks(stack: Stack): Promise<Result[]> {
  const run = async (check: (typeof checks)[string]) => {
    try {
      return await check(stack);
    } catch (error) {
      return [`It cannot be checked: ${(error as Error).message.split('\n')[0]}`];
    }
  };
  return Promise.all(Object.entries(checks).map(async ([name, check]) => ({ name, problems: await run(check) })));
}
