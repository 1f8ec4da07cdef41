import { type StepResult, smoke } from './run.ts';
import type { Target } from './target.ts';

/** Runs the smoke test and prints each step as it ends. @returns whether all of it works */
export async function reportSmoke(target: Target): Promise<boolean> {
  console.log(`Smoke test of ${target.name}, ${target.server}`);
  let last: StepResult | undefined;
  const ok = await smoke(target, (result) => {
    last = result;
    console.log(`  ${result.ok ? '✓' : '✗'} ${result.step.padEnd(28)}${String(result.ms).padStart(6)} ms`);
  });
  console.log(ok ? '\nIt works.' : `\n${target.name} does not work: ${last?.error}`);
  return ok;
}

/** The same for a program: one line of JSON. */
export async function reportSmokeAsJson(target: Target): Promise<boolean> {
  const steps: StepResult[] = [];
  const ok = await smoke(target, (result) => steps.push(result));
  console.log(JSON.stringify({ target: target.name, ok, steps }));
  return ok;
}
