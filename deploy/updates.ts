import {
  type CloudFormationClient,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';

/**
 * Begins to update a stack.
 *
 * @returns false if nothing has changed, which CloudFormation reports as an error. It does not count comments.
 */
export async function updates(client: CloudFormationClient, input: UpdateStackCommandInput): Promise<boolean> {
  try {
    await client.send(new UpdateStackCommand(input));
    return true;
  } catch (error) {
    if (/No updates are to be performed/.test((error as Error).message)) return false;
    throw error;
  }
}
