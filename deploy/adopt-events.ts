import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';

const CHANGE_SET = 'adopt-events';
const ASK_AGAIN_MS = 2_000;
const WAIT_SECONDS = 300;

export async function tableExists(client: DynamoDBClient, table: string): Promise<boolean> {
  try {
    await client.send(new DescribeTableCommand({ TableName: table }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

/**
 * `npm run remove` leaves the log, and CloudFormation makes no table of a name that is taken. So a stack whose log is
 * there already begins by importing it: then everything else is an update, and old messages are where they were.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
 *
 * @param directory of the compiled package
 */
export async function adoptEvents(client: CloudFormationClient, stack: string, directory: string): Promise<void> {
  const TemplateBody = await adoptingTemplate(directory);
  const names = { StackName: stack, ChangeSetName: CHANGE_SET };
  await client.send(
    new CreateChangeSetCommand({ ...names, ChangeSetType: 'CREATE', ImportExistingResources: true, TemplateBody }),
  );
  await changeSetReady(client, names);
  await client.send(new ExecuteChangeSetCommand(names));
  await waitUntilStackCreateComplete({ client, maxWaitTime: WAIT_SECONDS }, { StackName: stack });
}

/** The framework's own first template (its bucket) and the table as the full one declares it. */
export async function adoptingTemplate(directory: string): Promise<string> {
  const read = async (name: string) =>
    JSON.parse(await readFile(`${directory}/cloudformation-template-${name}-stack.json`, 'utf8'));
  const [first, full] = await Promise.all([read('create'), read('update')]);
  const { EventsTable } = full.Resources;
  return JSON.stringify({ ...first, Resources: { ...first.Resources, EventsTable } });
}

async function changeSetReady(
  client: CloudFormationClient,
  names: { StackName: string; ChangeSetName: string },
): Promise<void> {
  const deadline = Date.now() + WAIT_SECONDS * 1_000;
  for (;;) {
    const { Status, StatusReason } = await client.send(new DescribeChangeSetCommand(names));
    if (Status === 'CREATE_COMPLETE') return;
    if (Status === 'FAILED' || Date.now() > deadline) throw new Error(`The log was not adopted: ${StatusReason}`);
    await setTimeout(ASK_AGAIN_MS);
  }
}
