import { readAsked } from './erase/ask.ts';
import { confirm } from './erase/confirm.ts';
import { progressLines } from './erase/progress.ts';
import { say, sayPlan } from './erase/say.ts';
import { main } from './run.ts';
import { stackEnvironment } from './stack-environment.ts';

/**
 * `npm run erase` erases a person or a message. `USAGE` in erase/ask.ts lists its options. Without a stage, it erases
 * on the stack that runs on this machine.
 */
await main(async () => {
  const { target, json, yes, stack } = readAsked(process.argv.slice(2));
  // Sets the variables that Lambda gives the functions, because the adapters in src/infra read them.
  process.env = await stackEnvironment(stack, process.env);
  const where = stack.length > 0 ? `shout-box ${stack.join(' ')}` : 'the stack on this machine';
  if (!yes) await confirm(sayPlan(target, where));
  const { erasePorts } = await import('../src/infra/composition.ts');
  const { erase } = await import('../src/domain/erasure/erase.ts');
  const erased = await erase(target, erasePorts(), progressLines(performance.now.bind(performance), console.error));
  console.log(json ? JSON.stringify(erased) : say(target, erased));
  if (!erased.proven || erased.untold.length > 0) process.exitCode = 1;
});
