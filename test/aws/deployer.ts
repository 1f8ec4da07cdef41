import type { Json, Template } from '../../deploy/check/stack.ts';
import { resolved } from './iam.ts';

export const ACCOUNT = '123456789012';
/**
 * ARN of the stack that contains the deployment role. The role may change every stack that is named `shout-box-*`.
 * This stack has such a name, so only the policy's Deny protects it from the role.
 */
export const OWN_STACK = `arn:aws:cloudformation:eu-central-1:${ACCOUNT}:stack/shout-box-github/1a2b`;
export const NAMES: Record<string, string> = {
  ...{ 'AWS::Partition': 'aws', 'AWS::AccountId': ACCOUNT, 'AWS::StackId': OWN_STACK, 'AWS::NoValue': '<none>' },
  ...{ Repository: 'owner/shout-box', Environment: 'production' },
};

/** Returns the statements of the policy in deploy/github-role.yml, resolved for account 123456789012. */
export function deployerStatements(role: Template, hostedZone = 'Z1'): Json[] {
  const { Statement } = role.Resources.Deployer!.Properties.Policies[0].PolicyDocument;
  return resolved(Statement, { ...NAMES, HostedZoneId: hostedZone }, { HasHostedZone: hostedZone !== '' });
}
