import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DeleteTableCommand, DynamoDBClient, UpdateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { tableExists } from './adopt-events.ts';
import { eventsTable, readOptions, stackName } from './options.ts';
import { readParametersFile } from './parameters.ts';
import { main, serverless } from './run.ts';
import { emptyBucket } from './site.ts';
import { requireCredentials, stackOutputs } from './stack-outputs.ts';

/** `npm run remove -- --stage prod`: everything but the messages; those too with --delete-events. */
await main(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const parameters = await readParametersFile(`deploy/params.${options.stage}.yml`);
  const { region } = options;
  const cloudFormation = new CloudFormationClient({ region });
  await requireCredentials(cloudFormation);

  const outputs = await stackOutputs(cloudFormation, stackName(options));
  if (outputs?.SiteBucketName) await emptyBucket(new S3Client({ region }), outputs.SiteBucketName);
  if (outputs) await serverless('remove', options, parameters);

  const table = eventsTable(options);
  const dynamodb = new DynamoDBClient({ region });
  if (!(await tableExists(dynamodb, table))) return;
  if (!options.deleteEvents) {
    console.log(
      `\nThe messages are kept in the table ${table}: the next deployment of ${options.stage} finds them there.`,
    );
    console.log('To delete them too: add --delete-events');
    return;
  }
  await dynamodb.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }));
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 60 }, { TableName: table });
  await dynamodb.send(new DeleteTableCommand({ TableName: table }));
  console.log(`\nThe messages in ${table} are deleted.`);
});
