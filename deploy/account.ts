import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** Checks that there are AWS credentials. @throws Error that says how to get some, if there are none */
export async function requireCredentials(client: Pick<CloudFormationClient, 'config'>): Promise<void> {
  try {
    await client.config.credentials();
  } catch (cause) {
    const { AWS_PROFILE } = process.env;
    const reason = AWS_PROFILE ? ` of the profile ${AWS_PROFILE}` : '';
    throw new Error(
      `There are no AWS credentials${reason}: sign in with \`aws configure\` or \`aws sso login\`, or set AWS_PROFILE. docs/deploying.md begins with it.`,
      { cause },
    );
  }
}

/** @returns the id of the AWS account that the credentials are for */
export async function accountOf(client: STSClient): Promise<string> {
  const { Account } = await client.send(new GetCallerIdentityCommand({}));
  if (!Account) throw new Error('AWS does not say which account the credentials are for.');
  return Account;
}
