import { readFile } from 'node:fs/promises';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { withAdvice } from './advice.ts';
import { createStack, deleteStack, updateStack } from './small-stack.ts';
import { describeStack } from './stack-outputs.ts';
import { usableStack } from './usable-stack.ts';

const FILE = 'deploy/edge-alarms.yml';
/** The region of CloudFront's metrics, whatever the region of a stage. */
export const EDGE_REGION = 'us-east-1';
const edgeStack = (stack: string) => `${stack}-edge`;

/**
 * Creates the alarms on a stage's distribution, or brings them up to date.
 *
 * @param client for the region `EDGE_REGION`
 * @param stack name of the stage's stack
 */
export async function ensureEdgeAlarms(
  client: CloudFormationClient,
  stack: string,
  { distribution, alarmEmail }: { distribution: string; alarmEmail: string },
): Promise<void> {
  const StackName = edgeStack(stack);
  const parameters = { Stage: stack, DistributionId: distribution, AlarmEmail: alarmEmail };
  const input = {
    StackName,
    TemplateBody: await readFile(FILE, 'utf8'),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Tags: [
      { Key: 'project', Value: 'shout-box' },
      { Key: 'stage', Value: stack.replace('shout-box-', '') },
    ],
  };
  const deployed = await usableStack(client, StackName);
  await withAdvice(client, StackName, `The alarms of ${FILE} were not made in ${EDGE_REGION}.`, () =>
    deployed ? updateStack(client, input) : createStack(client, input),
  );
}

export async function deleteEdgeAlarms(client: CloudFormationClient, stack: string): Promise<void> {
  const StackName = edgeStack(stack);
  if (await describeStack(client, StackName)) await deleteStack(client, StackName);
}
