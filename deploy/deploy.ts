import { buildSite } from './build-site.ts';
import { deployAndTry } from './deploy-and-try.ts';
import { readOptions } from './options.ts';
import { readParametersFile, refusePlaceholders } from './parameters.ts';
import { main } from './run.ts';

/** `npm run deploy -- --stage prod` */
await main(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const file = `deploy/params.${options.stage}.yml`;
  const parameters = await readParametersFile(file);
  refusePlaceholders(parameters, file);
  if (!(await deployAndTry(options, parameters, buildSite, process.env))) process.exitCode = 1;
});
