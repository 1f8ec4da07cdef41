import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';

export interface DeployedStack {
  /**
   * Such as `CREATE_COMPLETE`. All values:
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
   */
  status: string;
  /** Values of the stack's outputs, by name. */
  outputs: Record<string, string>;
}

/** @returns undefined if there is no such stack */
export async function describeStack(client: CloudFormationClient, stack: string): Promise<DeployedStack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const [{ StackStatus = '', Outputs = [] } = {}] = Stacks;
    const outputs = Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    return { status: StackStatus, outputs };
  } catch (error) {
    if (error instanceof CloudFormationServiceException && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

export async function stackOutputs(
  client: CloudFormationClient,
  stack: string,
): Promise<Record<string, string> | undefined> {
  return (await describeStack(client, stack))?.outputs;
}
