import { buildSite } from './build-site.ts';
import { readOptions } from './options.ts';
import { readParametersFile, refusePlaceholders } from './parameters.ts';
import { main } from './run.ts';
import { reportSmoke } from './smoke/report.ts';
import { stageTarget } from './smoke/target.ts';
import { deployStage } from './stage.ts';

/** `npm run deploy -- --stage prod` */
await main(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const file = `deploy/params.${options.stage}.yml`;
  const parameters = await readParametersFile(file);
  refusePlaceholders(parameters, file);
  console.log(await deployStage(options, parameters, buildSite));
  if (process.env.SMOKE_TOKEN) {
    if (!(await reportSmoke(await stageTarget(options, process.env)))) process.exitCode = 1;
  } else {
    console.log(
      `Nobody has talked to it yet. To test it from end to end:\n  SMOKE_TOKEN=<an access token of your issuer> npm run smoke -- --stage ${options.stage}\n`,
    );
  }
});
