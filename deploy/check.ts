import { checkEnvironment, checkHandlers } from './check/functions.ts';
import { checkNag } from './check/nag.ts';
import { checkReferences } from './check/references.ts';
import { checkRules } from './check/rules.ts';
import { checkSpec } from './check/spec.ts';
import { compileStack } from './check/stack.ts';

/** `npm run check:aws`: everything that can be known of the stack without an AWS account. */
const stack = await compileStack();
const { template } = stack;
const checks = {
  'types and properties (aws-service-spec)': checkSpec(template),
  'references, without a circle': checkReferences(template),
  'AwsSolutions (cdk-nag)': checkNag(template),
  'rules of this project': checkRules(template),
  'handlers load from their packages': await checkHandlers(stack),
  'environment variables': await checkEnvironment(stack),
};
for (const [name, problems] of Object.entries(checks)) {
  console.log(`${problems.length === 0 ? '✔' : '✖'} ${name}`);
  for (const problem of problems) console.error(`    ${problem}`);
}
const count = Object.keys(template.Resources).length;
console.log(`${count} resources of the 500 a stack can have`);
if (Object.values(checks).some(({ length }) => length > 0)) process.exitCode = 1;
