import { readAsked } from './erase/ask.ts';
import { confirm } from './erase/confirm.ts';
import { progressLines } from './erase/progress.ts';
import { say, sayPlan } from './erase/say.ts';
import { main } from './run.ts';
import { stackEnvironment } from './stack-environment.ts';

/**
 * `npm run erase -- [--stage prod] --person PERSON | --message ID`. Without a stage, erases on the stack that runs on
 * this machine.
 */
await main(async () => {
  const { target, json, yes, stack } = readAsked(process.argv.slice(2));
  // The adapters in src/infra read the environment variables that Lambda gives the functions.
  process.env = await stackEnvironment(stack, process.env);
  const where = stack.length > 0 ? `shout-box ${stack.join(' ')}` : 'the stack on this machine';
  if (!yes) await confirm(sayPlan(target, where));
  const { erasePorts } = await import('../src/infra/composition.ts');
  const { erase } = await import('../src/domain/erasure/erase.ts');
  const erased = await erase(target, erasePorts(), progressLines(performance.now.bind(performance), console.error));
  console.log(json ? JSON.stringify(erased) : say(target, erased));
  if (!erased.proven || erased.untold.length > 0) process.exitCode = 1;
});
