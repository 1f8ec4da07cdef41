import { readOptions } from './options.ts';
import { readParametersFile } from './parameters.ts';
import { main } from './run.ts';
import { removeStage } from './stage.ts';

/** `npm run remove -- --stage prod`: everything but the messages; those too with --delete-events. */
await main(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const parameters = await readParametersFile(`deploy/params.${options.stage}.yml`);
  console.log(`\n${await removeStage(options, parameters)}`);
});
