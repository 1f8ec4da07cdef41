import { runChecks } from './check/all.ts';
import { compileStack } from './check/stack.ts';
import { main } from './run.ts';

/** `npm run check:aws`: checks the stack as far as that is possible without an AWS account. */
await main(async () => {
  const stack = await compileStack();
  const results = await runChecks(stack);
  for (const { name, problems } of results) {
    console.log(`${problems.length === 0 ? '✔' : '✖'} ${name}`);
    for (const problem of problems) console.error(`    ${problem}`);
  }
  console.log(`${Object.keys(stack.template.Resources).length} resources of the 500 a stack can have`);
  if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
});
