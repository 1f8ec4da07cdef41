import { buildSite } from './build-site.ts';
import { readOptions } from './options.ts';
import { readParametersFile } from './parameters.ts';
import { main } from './run.ts';
import { deployStage } from './stage.ts';

/** `npm run deploy -- --stage prod` */
await main(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const parameters = await readParametersFile(`deploy/params.${options.stage}.yml`);
  console.log(await deployStage(options, parameters, buildSite));
});
