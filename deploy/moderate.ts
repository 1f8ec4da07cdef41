import { readAct } from './moderate/act.ts';
import { runAct } from './moderate/run-act.ts';
import { say } from './moderate/say.ts';
import { main } from './run.ts';
import { stackEnvironment } from './stack-environment.ts';

/**
 * `npm run moderate -- [--stage prod] [--room lobby] ACT`. If neither `--stage` nor `--region` is given, uses the stack
 * that runs on this machine.
 */
await main(async () => {
  const { room, json, act, stack } = readAct(process.argv.slice(2));
  // Sets variables that the functions have on Lambda, because the adapters in src/infra read them.
  process.env = await stackEnvironment(stack, process.env);
  const { moderationPorts } = await import('../src/infra/composition.ts');
  const outcome = await runAct(room, act, moderationPorts());
  console.log(json ? JSON.stringify(outcome) : say(outcome));
  if (outcome.kind === 'done' && outcome.appended && outcome.seq === undefined) process.exitCode = 1;
});
