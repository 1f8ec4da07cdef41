import { type StepResult, smoke } from './run.ts';
import { type Step, steps } from './steps.ts';
import type { Target } from './target.ts';

/** Runs the smoke test and prints each step as it ends. @returns whether all steps succeeded */
export async function reportSmoke(target: Target, toTry: readonly Step[] = steps): Promise<boolean> {
  console.log(`Smoke test of ${target.name}, ${target.server}`);
  let last: StepResult | undefined;
  const ok = await smoke(target, toTry, (result) => {
    last = result;
    console.log(`  ${result.ok ? '✓' : '✗'} ${result.step.padEnd(28)}${String(result.ms).padStart(6)} ms`);
  });
  console.log(ok ? '\nIt works.' : `\n${target.name} does not work: ${last?.error}`);
  return ok;
}

/** Runs the smoke test and prints its result for programs, as one line of JSON. @returns whether all steps succeeded */
export async function reportSmokeAsJson(target: Target): Promise<boolean> {
  const results: StepResult[] = [];
  const ok = await smoke(target, steps, (result) => results.push(result));
  console.log(JSON.stringify({ target: target.name, ok, steps: results }));
  return ok;
}
