import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';

/** Advice for a failed resource. The first pattern that matches CloudFormation's reason decides. */
const ADVICE: readonly [reason: RegExp, advice: string][] = [
  [
    /must be verified before you can add new CloudFront resources/i,
    'AWS verifies a new account before it may have a CloudFront distribution. Open a case under "Account and billing" in the Support Center, which is free, and ask for CloudFront to be enabled. Then run this again: it goes on where it stopped.',
  ],
  [
    /UnreservedConcurrentExecution|ReservedConcurrentExecutions/i,
    'FAN_OUT_CONCURRENCY: the account has too few concurrent executions to reserve any. A new one has 10. Leave it empty, or ask for 1,000 under Service Quotas → AWS Lambda → Concurrent executions.',
  ],
  [
    /InvalidViewerCertificate|certificate/i,
    'CERTIFICATE_ARN: CloudFront takes an issued certificate of us-east-1 that names DOMAIN (docs/deploying.md, "A name of your own").',
  ],
  [/CNAMEAlreadyExists|CNAMEs/i, 'DOMAIN: another CloudFront distribution has this name already.'],
  [/hosted ?zone/i, 'HOSTED_ZONE_ID: it must be the Route 53 zone that DOMAIN lies in, in this account.'],
  [/WebACL/i, 'WEB_ACL_ARN: it must be a web ACL for CloudFront, which lies in us-east-1.'],
  [
    /boundary-of-shout-box|not authorized to perform/i,
    'The credentials lack a permission. An administrator can deploy; deploy/github-role.yml has the permissions that a deployment needs.',
  ],
];

/** Stands for an event that could not be read. */
const UNKNOWN = 'unknown';

/**
 * Runs a change of a stack.
 *
 * @throws Error if the change fails. The first line of its message is `failure`. The second names the failed resource
 *   and the reason; a third gives advice, if there is any. If no failed resource is found, the second line is the
 *   message of the error that `change` threw.
 */
export async function withAdvice(
  client: CloudFormationClient,
  stack: string,
  failure: string,
  change: () => Promise<unknown>,
): Promise<void> {
  const before = await newestEvent(client, stack).catch(() => UNKNOWN);
  try {
    await change();
  } catch (cause) {
    const advice = before === UNKNOWN ? [] : await adviceFor(client, stack, before).catch(() => []);
    throw new Error([failure, ...(advice.length > 0 ? advice : [(cause as Error).message])].join('\n'), { cause });
  }
}

/**
 * Finds why a change of a stack failed, and what to do about it.
 *
 * @param before id of the stack's newest event before the change; undefined if there was no stack, or if its events
 *   could not be read
 * @returns lines to print; empty if no resource failed
 */
async function adviceFor(client: CloudFormationClient, stack: string, before: string | undefined): Promise<string[]> {
  let cause: StackEvent | undefined;
  for await (const event of eventsAfter(client, stack, before)) {
    const { ResourceStatus = '', ResourceStatusReason = '' } = event;
    // The first failure is the cause. The events come newest first, so the last failure that this loop finds is the
    // first one. Skips the resources that CloudFormation cancelled because of it.
    if (ResourceStatus.endsWith('_FAILED') && !/cancelled/i.test(ResourceStatusReason)) cause = event;
  }
  if (!cause) return [];
  const { LogicalResourceId, ResourceStatusReason = 'no reason given' } = cause;
  const advice = ADVICE.find(([reason]) => reason.test(ResourceStatusReason))?.[1];
  return [`${LogicalResourceId}: ${ResourceStatusReason}`, ...(advice ? [advice] : [])];
}

/** @throws if there is no such stack */
async function newestEvent(client: CloudFormationClient, stack: string): Promise<string | undefined> {
  try {
    for await (const { EventId } of eventsAfter(client, stack, undefined)) return EventId;
  } catch (error) {
    if (!/does not exist/.test((error as Error).message)) throw error;
  }
  return undefined;
}

/** Yields the events of a stack that are newer than the event `before`, newest first; all if `before` is undefined. */
async function* eventsAfter(
  client: CloudFormationClient,
  stack: string,
  before: string | undefined,
): AsyncGenerator<StackEvent> {
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stack })) {
    for (const event of StackEvents) {
      if (event.EventId === before) return;
      yield event;
    }
  }
}
