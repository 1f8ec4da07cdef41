import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CloudFormationServiceException,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackResourceCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { withAdvice } from './advice.ts';

/** Logical id of the log's table in resources/tables.yml. */
const EVENTS = 'EventsTable';
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
 * Returns whether the log's table belongs to the stack. After a failed first deployment the table can exist outside
 * the stack, because a rollback removes a retained resource from the stack without deleting the resource.
 */
export async function ownsEvents(client: CloudFormationClient, stack: string): Promise<boolean> {
  try {
    const input = { StackName: stack, LogicalResourceId: EVENTS };
    const { StackResourceDetail } = await client.send(new DescribeStackResourceCommand(input));
    return !/^DELETE_/.test(StackResourceDetail?.ResourceStatus ?? '');
  } catch (error) {
    if (error instanceof CloudFormationServiceException && /does not exist/.test(error.message)) return false;
    throw error;
  }
}

/**
 * Imports the table of an existing log into the stack, because CloudFormation can't create a table whose name is taken.
 * The deployment that follows adds everything else to the stack. The old messages stay in their table.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
 *
 * @param stackExists whether the stack exists already, without the log's table
 * @param directory contains the compiled templates
 */
export async function adoptEvents(
  client: CloudFormationClient,
  stack: string,
  stackExists: boolean,
  directory: string,
): Promise<void> {
  const begun = stackExists ? await deployedTemplate(client, stack) : await compiled(directory, 'create');
  const { [EVENTS]: events } = (await compiled(directory, 'update')).Resources;
  const TemplateBody = JSON.stringify({ ...begun, Resources: { ...begun.Resources, [EVENTS]: events } });
  const names = { StackName: stack, ChangeSetName: `adopt-events-${Date.now()}` };
  await client.send(
    new CreateChangeSetCommand({
      ...names,
      ChangeSetType: stackExists ? 'UPDATE' : 'CREATE',
      ImportExistingResources: true,
      Capabilities: ['CAPABILITY_IAM'],
      TemplateBody,
    }),
  );
  await changeSetReady(client, names);
  const complete = stackExists ? waitUntilStackUpdateComplete : waitUntilStackCreateComplete;
  await withAdvice(client, stack, `${stack} could not take over its messages.`, async () => {
    await client.send(new ExecuteChangeSetCommand(names));
    await complete({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1, maxDelay: 5 }, { StackName: stack });
  });
}

interface TemplateOf {
  Resources: Record<string, unknown>;
}

/**
 * Reads a template that the Serverless framework compiled: `create` has only the deployment bucket and its policy,
 * `update` has all resources.
 */
async function compiled(directory: string, which: 'create' | 'update'): Promise<TemplateOf> {
  return JSON.parse(await readFile(`${directory}/cloudformation-template-${which}-stack.json`, 'utf8'));
}

async function deployedTemplate(client: CloudFormationClient, stack: string): Promise<TemplateOf> {
  const { TemplateBody = '{}' } = await client.send(
    new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' }),
  );
  return JSON.parse(TemplateBody);
}

async function changeSetReady(
  client: CloudFormationClient,
  names: { StackName: string; ChangeSetName: string },
): Promise<void> {
  const deadline = Date.now() + WAIT_SECONDS * 1_000;
  for (;;) {
    const { Status, StatusReason } = await client.send(new DescribeChangeSetCommand(names));
    if (Status === 'CREATE_COMPLETE') return;
    if (Status === 'FAILED' || Date.now() > deadline) {
      await client.send(new DeleteChangeSetCommand(names));
      throw new Error(`${names.StackName} could not take over its messages: ${StatusReason ?? `still ${Status}`}`);
    }
    await setTimeout(ASK_AGAIN_MS);
  }
}
