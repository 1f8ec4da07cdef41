import type { Options } from './options.ts';
import type { Parameters } from './parameters.ts';
import { reportSmoke } from './smoke/report.ts';
import { guestSteps } from './smoke/steps.ts';
import { stageTarget } from './smoke/target.ts';
import { deployStage } from './stage.ts';

/**
 * Deploys a stage and runs the smoke test there. Without a token, tries only what a guest can do, and prints what was
 * not tried.
 *
 * @returns whether everything that was tried works
 */
export async function deployAndTry(
  options: Options,
  parameters: Parameters,
  buildSite: (siteUrl: string) => Promise<string>,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  console.log(await deployStage(options, parameters, buildSite));
  const target = await stageTarget(options, env);
  if (target.token) return reportSmoke(target);
  const works = await reportSmoke(target, guestSteps);
  console.log(
    `Not tried: to connect, write, receive and delete, which take an access token of your issuer (docs/sign-in says how to get one):\n  SMOKE_TOKEN=… npm run smoke -- --stage ${options.stage}\n`,
  );
  return works;
}
