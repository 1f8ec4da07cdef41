import { parseArgs } from 'node:util';
import { readOptions } from './options.ts';
import { main } from './run.ts';
import { reportSmoke, reportSmokeAsJson } from './smoke/report.ts';
import { localTarget, stageTarget, type Target } from './smoke/target.ts';

/**
 * `npm run smoke -- [--stage prod [--region eu-central-1]] [--json]`: tests a stage, or the running local stack, from
 * end to end.
 */
await main(async () => {
  const args = process.argv.slice(2);
  const json = args.includes('--json');
  const target = await readTarget(args.filter((arg) => arg !== '--json'));
  const works = await (json ? reportSmokeAsJson(target) : reportSmoke(target));
  if (!works) process.exitCode = 1;
});

async function readTarget(args: readonly string[]): Promise<Target> {
  if (args.some((arg) => arg.startsWith('--stage'))) return stageTarget(readOptions(args, process.env), process.env);
  // Throws if there is any argument here. It is either unknown or makes sense only with `--stage`.
  parseArgs({ args: [...args], options: {} });
  return localTarget(process.env);
}
