import { join } from 'node:path';
import {
  DeleteTableCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { accountOf, requireCredentials } from './account.ts';
import { adoptEvents, ownsEvents, tableExists } from './adopt-events.ts';
import { withAdvice } from './advice.ts';
import { announcement } from './announcement.ts';
import { BOUNDARY_REGION, ensureBoundary } from './boundary.ts';
import { type AwsClients, awsClients } from './clients.ts';
import { deleteEdgeAlarms, EDGE_REGION, ensureEdgeAlarms } from './edge-alarms.ts';
import { eventsTable, type Options, stackName } from './options.ts';
import { deleteOriginSecrets, ensureOriginSecrets } from './origin-secrets.ts';
import { hasOwnSignIn, requireSignInName } from './own-sign-in.ts';
import type { Parameters } from './parameters.ts';
import { PACKAGE, serverless } from './run.ts';
import { inServiceDirectory } from './service-directory.ts';
import { emptyBucket, invalidate, uploadSite } from './site.ts';
import { stackOutputs } from './stack-outputs.ts';
import { usableStack } from './usable-stack.ts';

/**
 * Deploys a stage, or brings it up to date: the stack, the site with the widget and its pages, and the alarms on the
 * CloudFront distribution.
 *
 * @param buildSite builds the site for the given address and returns the directory of its files. Called after the stack
 *   is deployed, because a new stack has no address before.
 * @returns the next steps, to print
 */
export async function deployStage(
  options: Options,
  parameters: Parameters,
  buildSite: (siteUrl: string) => Promise<string>,
): Promise<string> {
  if (hasOwnSignIn(parameters)) requireSignInName(options.stage);
  const aws = awsClients(options.region);
  await nameTheTarget(aws, options, 'Deploying');
  await ensureBoundary(awsClients(BOUNDARY_REGION).cloudFormation);
  const stack = stackName(options);
  const secrets = await ensureOriginSecrets(aws.ssm, stack);
  const orphaned = await findOrphanedLog(aws, options);
  await inServiceDirectory(async (directory) => {
    await serverless('package', directory, options, parameters, secrets);
    if (orphaned) {
      console.log(`Taking over the messages that ${eventsTable(options)} still holds`);
      await adoptEvents(aws.cloudFormation, stack, orphaned.stackExists, join(directory, PACKAGE));
    }
    await withAdvice(aws.cloudFormation, stack, 'The stack was not deployed.', () =>
      serverless('deploy', directory, options, parameters, secrets),
    );
  });

  const outputs = await stackOutputs(aws.cloudFormation, stack);
  const { SiteBucketName, DistributionId, SiteUrl } = outputs ?? {};
  if (!outputs || !SiteBucketName || !DistributionId || !SiteUrl) throw new Error(`The stack ${stack} has no site.`);
  const count = await uploadSite(aws.s3, SiteBucketName, await buildSite(SiteUrl));
  await invalidate(aws.cloudFront, DistributionId);
  await ensureEdgeAlarms(awsClients(EDGE_REGION).cloudFormation, stack, {
    distribution: DistributionId,
    alarmEmail: parameters.ALARM_EMAIL ?? '',
  });
  console.log(`${count} files are on the site`);
  return announcement(outputs);
}

/**
 * Prints the stack, its region and its account before anything is changed, because a wrong AWS profile is an expensive
 * mistake.
 *
 * @throws Error if there are no AWS credentials
 */
async function nameTheTarget({ cloudFormation, sts }: AwsClients, options: Options, doing: string): Promise<void> {
  await requireCredentials(cloudFormation);
  console.log(`${doing} ${stackName(options)} in ${options.region}, account ${await accountOf(sts)}`);
}

/**
 * Finds the stage's Events table if it exists but does not belong to the stage's stack. `npm run remove` and a failed
 * first deployment leave such a table.
 *
 * @returns undefined if there is no such table
 */
async function findOrphanedLog(aws: AwsClients, options: Options): Promise<{ stackExists: boolean } | undefined> {
  const stack = stackName(options);
  const deployed = await usableStack(aws.cloudFormation, stack);
  if (!(await tableExists(aws.dynamodb, eventsTable(options)))) return undefined;
  if (deployed && (await ownsEvents(aws.cloudFormation, stack))) return undefined;
  return { stackExists: deployed !== undefined };
}

/** Removes a stage. Keeps the messages unless `deleteEvents` is set. @returns a text about the messages, to print */
export async function removeStage(options: Options, parameters: Parameters): Promise<string> {
  const { stage } = options;
  const aws = awsClients(options.region);
  await nameTheTarget(aws, options, 'Removing');
  const outputs = await stackOutputs(aws.cloudFormation, stackName(options));
  if (outputs?.SiteBucketName) await emptyBucket(aws.s3, outputs.SiteBucketName);
  if (outputs) await inServiceDirectory((directory) => serverless('remove', directory, options, parameters));
  await deleteEdgeAlarms(awsClients(EDGE_REGION).cloudFormation, stackName(options));
  await deleteOriginSecrets(aws.ssm, stackName(options));

  if (outputs?.UserPoolId) console.log(`The people who registered are kept in the user pool ${outputs.UserPoolId}.`);
  const TableName = eventsTable(options);
  if (!(await tableExists(aws.dynamodb, TableName))) return `There are no messages of ${stage}.`;
  if (!options.deleteEvents) {
    return `The messages are kept in the table ${TableName}, where the next deployment of ${stage} finds them.\nTo delete them too: add --delete-events`;
  }
  await aws.dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await waitUntilTableExists({ client: aws.dynamodb, maxWaitTime: 60 }, { TableName });
  await aws.dynamodb.send(new DeleteTableCommand({ TableName }));
  // Waits, so that a deployment right afterwards does not take over the table while it is being deleted.
  await waitUntilTableNotExists({ client: aws.dynamodb, maxWaitTime: 600 }, { TableName });
  return `The messages in ${TableName} are deleted.`;
}
