import {
  type CloudFormationClient,
  DeleteStackCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { type DeployedStack, describeStack } from './stack-outputs.ts';

/** Statuses of stacks whose creation failed or never began. Such a stack cannot be updated. */
const NEVER_CREATED = ['CREATE_FAILED', 'REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE'];

/**
 * Finds the stack and checks that it can be updated. Deletes it if a failed first deployment left it behind.
 *
 * @returns undefined if there is no stack, or if it was deleted
 * @throws Error that says what to do, if the stack cannot be updated now; also if its deletion fails or takes more than
 *   ten minutes
 */
export async function usableStack(client: CloudFormationClient, stack: string): Promise<DeployedStack | undefined> {
  const deployed = await describeStack(client, stack);
  if (!deployed) return undefined;
  const { status } = deployed;
  if (NEVER_CREATED.includes(status)) {
    console.log(`Removing what a failed first deployment left behind (${stack}: ${status})`);
    await client.send(new DeleteStackCommand({ StackName: stack }));
    await waitUntilStackDeleteComplete({ client, maxWaitTime: 600, minDelay: 1, maxDelay: 5 }, { StackName: stack });
    return undefined;
  }
  if (status.endsWith('_IN_PROGRESS')) {
    throw new Error(
      `The stack ${stack} is ${status}: another deployment is under way. Run this again when it is over.`,
    );
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    throw new Error(
      `The stack ${stack} is ${status}: run \`aws cloudformation continue-update-rollback --stack-name ${stack}\`, then this again.`,
    );
  }
  if (status.endsWith('_FAILED')) {
    throw new Error(
      `The stack ${stack} is ${status}: remove the stage with \`npm run remove\`, which keeps its messages.`,
    );
  }
  return deployed;
}
