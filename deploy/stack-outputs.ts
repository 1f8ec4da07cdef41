import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';

/** What a deployed stack says about itself, by output name; undefined where there is no such stack. */
export async function stackOutputs(
  client: CloudFormationClient,
  stack: string,
): Promise<Record<string, string> | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  } catch (error) {
    if (error instanceof CloudFormationServiceException && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

/** @throws Error in one sentence where nobody is signed in to AWS */
export async function requireCredentials(client: CloudFormationClient): Promise<void> {
  try {
    await client.config.credentials();
  } catch (cause) {
    throw new Error(
      'There are no AWS credentials: sign in with `aws configure` or `aws sso login`, or set AWS_PROFILE. docs/deploying.md begins with it.',
      { cause },
    );
  }
}
