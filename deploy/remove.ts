import { readOptions } from './options.ts';
import { readParametersFile } from './parameters.ts';
import { main } from './run.ts';
import { removeStage } from './stage.ts';

/**
 * `npm run remove -- --stage prod`: removes a stage, but keeps its messages and its user pool. With `--delete-events`,
 * deletes the messages, too.
 */
await main(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const parameters = await readParametersFile(`deploy/params.${options.stage}.yml`);
  console.log(`\n${await removeStage(options, parameters)}`);
});
