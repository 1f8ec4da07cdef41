import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DeleteTableCommand, DynamoDBClient, UpdateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { readParameters } from '../src/infra/settings.ts';
import { adoptEvents, tableExists } from './adopt-events.ts';
import { announcement } from './announcement.ts';
import { eventsTable, type Options, stackName } from './options.ts';
import type { Parameters } from './parameters.ts';
import { serverless } from './run.ts';
import { emptyBucket, invalidate, uploadSite } from './site.ts';
import { requireCredentials, stackOutputs } from './stack-outputs.ts';

/**
 * Brings up a stage, or up to date: the stack, then the widget and its pages.
 *
 * @param buildSite makes the site for an address; it is known only once the stack is there
 * @returns what to do now
 */
export async function deployStage(
  options: Options,
  parameters: Parameters,
  buildSite: (siteUrl: string) => Promise<string>,
): Promise<string> {
  const { region } = options;
  const stack = stackName(options);
  const cloudFormation = new CloudFormationClient({ region });
  await requireCredentials(cloudFormation);
  const isNew = (await stackOutputs(cloudFormation, stack)) === undefined;
  if (isNew && (await tableExists(new DynamoDBClient({ region }), eventsTable(options)))) {
    console.log(`Taking over the messages that ${eventsTable(options)} still holds`);
    await serverless('package', options, parameters);
    await adoptEvents(cloudFormation, stack, '.serverless');
  }
  await serverless('deploy', options, parameters);

  const outputs = await stackOutputs(cloudFormation, stack);
  const { SiteBucketName, DistributionId, SiteUrl } = outputs ?? {};
  if (!outputs || !SiteBucketName || !DistributionId || !SiteUrl) throw new Error(`The stack ${stack} has no site.`);
  const { allowedOrigins } = readParameters(parameters);
  const count = await uploadSite(new S3Client({ region }), SiteBucketName, await buildSite(SiteUrl), allowedOrigins);
  await invalidate(region, DistributionId);
  console.log(`${count} files are on the site`);
  return announcement(outputs);
}

/** Takes a stage down, but for its messages. @returns what became of those */
export async function removeStage(options: Options, parameters: Parameters): Promise<string> {
  const { region, stage } = options;
  const cloudFormation = new CloudFormationClient({ region });
  await requireCredentials(cloudFormation);
  const outputs = await stackOutputs(cloudFormation, stackName(options));
  if (outputs?.SiteBucketName) await emptyBucket(new S3Client({ region }), outputs.SiteBucketName);
  if (outputs) await serverless('remove', options, parameters);

  const table = eventsTable(options);
  const client = new DynamoDBClient({ region });
  if (!(await tableExists(client, table))) return `There are no messages of ${stage}.`;
  if (!options.deleteEvents) {
    return `The messages are kept in the table ${table}, where the next deployment of ${stage} finds them.\nTo delete them too: add --delete-events`;
  }
  await client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }));
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName: table });
  await client.send(new DeleteTableCommand({ TableName: table }));
  return `The messages in ${table} are deleted.`;
}
