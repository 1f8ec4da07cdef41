import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { adoptEvents, tableExists } from './adopt-events.ts';
import { announcement } from './announcement.ts';
import { eventsTable, readOptions, stackName } from './options.ts';
import { readParametersFile } from './parameters.ts';
import { main, runNode, serverless } from './run.ts';
import { invalidate, uploadSite } from './site.ts';
import { requireCredentials, stackOutputs } from './stack-outputs.ts';

/** `npm run deploy -- --stage prod`: the stack, then the widget and its pages, then what to paste where. */
await main(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const parameters = await readParametersFile(`deploy/params.${options.stage}.yml`);
  const { region } = options;
  const cloudFormation = new CloudFormationClient({ region });
  await requireCredentials(cloudFormation);

  const stack = stackName(options);
  if (
    !(await stackOutputs(cloudFormation, stack)) &&
    (await tableExists(new DynamoDBClient({ region }), eventsTable(options)))
  ) {
    console.log(`Taking over the messages that ${eventsTable(options)} still holds`);
    await serverless('package', options, parameters);
    await adoptEvents(cloudFormation, stack, '.serverless');
  }
  await serverless('deploy', options, parameters);

  const outputs = await stackOutputs(cloudFormation, stack);
  if (!outputs?.SiteBucketName || !outputs.DistributionId) throw new Error(`The stack ${stack} has no site.`);
  const env = { ...process.env, SHOUT_SERVER: outputs.SiteUrl, SHOUT_WEB: outputs.SiteUrl };
  await runNode(['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts'], env);
  await runNode(['web/bundle/package.ts'], env);
  const count = await uploadSite(new S3Client({ region }), outputs.SiteBucketName, 'web/dist');
  await invalidate(region, outputs.DistributionId);
  console.log(`${count} files are on the site`);
  console.log(announcement(outputs));
});
