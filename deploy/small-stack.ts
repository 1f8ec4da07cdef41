import {
  type CloudFormationClient,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  UpdateStackCommand,
  type UpdateStackCommandInput,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';

/** Options for waiting until a small stack is ready or gone; times in seconds. */
const wait = (client: CloudFormationClient) => ({ client, maxWaitTime: 300, minDelay: 1, maxDelay: 5 });

/** Creates a stack and waits until it is complete. */
export async function createStack(client: CloudFormationClient, input: CreateStackCommandInput): Promise<void> {
  await client.send(new CreateStackCommand(input));
  await waitUntilStackCreateComplete(wait(client), { StackName: input.StackName });
}

/**
 * Updates a stack and waits until the update is complete. Returns at once if there is nothing to update, for example if
 * only comments of the template have changed. CloudFormation answers such an update with an error.
 */
export async function updateStack(client: CloudFormationClient, input: UpdateStackCommandInput): Promise<void> {
  try {
    await client.send(new UpdateStackCommand(input));
  } catch (error) {
    if (/No updates are to be performed/.test((error as Error).message)) return;
    throw error;
  }
  await waitUntilStackUpdateComplete(wait(client), { StackName: input.StackName });
}

/** Deletes a stack and waits until it is gone. */
export async function deleteStack(client: CloudFormationClient, StackName: string): Promise<void> {
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(wait(client), { StackName });
}
