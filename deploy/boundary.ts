import { readFile } from 'node:fs/promises';
import { type CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { createStack, deleteStack, updateStack } from './small-stack.ts';
import { describeStack } from './stack-outputs.ts';

const FILE = 'deploy/boundary.yml';
const STACK = 'boundary-of-shout-box';
/** Region of the boundary's stack. One stack is enough for stages in any region, because IAM policies are global. */
export const BOUNDARY_REGION = 'us-east-1';

/**
 * Creates the permissions boundary of all roles of shout-box in the account, or brings it up to date.
 *
 * @param client for the region `BOUNDARY_REGION`
 * @throws Error if the boundary could not be checked, created or changed
 */
export async function ensureBoundary(client: CloudFormationClient): Promise<void> {
  const template = await readFile(FILE, 'utf8');
  try {
    const deployed = await describeStack(client, STACK);
    if (!deployed || deployed.status === 'ROLLBACK_COMPLETE') await create(client, template, deployed !== undefined);
    else if (differ(await deployedTemplate(client), template)) await update(client, template);
  } catch (cause) {
    throw new Error(
      `The permissions boundary of shout-box's roles (${FILE}) is not as it should be, and could not be changed: ${(cause as Error).message}. An administrator has to run the deployment once.`,
      { cause },
    );
  }
}

const input = (TemplateBody: string) => ({
  StackName: STACK,
  TemplateBody,
  Capabilities: ['CAPABILITY_NAMED_IAM' as const],
});

/** Creates the stack. If its creation failed before, deletes it first, because such a stack can only be deleted. */
async function create(client: CloudFormationClient, template: string, failedBefore: boolean): Promise<void> {
  console.log(`Making the permissions boundary of shout-box's roles (the stack ${STACK} in ${BOUNDARY_REGION})`);
  if (failedBefore) await deleteStack(client, STACK);
  await createStack(client, input(template));
}

async function update(client: CloudFormationClient, template: string): Promise<void> {
  console.log(`Bringing the permissions boundary of shout-box's roles up to date`);
  await updateStack(client, input(template));
}

async function deployedTemplate(client: CloudFormationClient): Promise<string> {
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: STACK, TemplateStage: 'Original' }));
  return TemplateBody ?? '';
}

/**
 * Returns whether two templates differ in more than comment lines. If only comments differ, no update is needed. In a
 * deployment from GitHub, an update would even fail, because the role of that deployment may not change the boundary.
 */
function differ(...templates: [string, string]): boolean {
  const [a, b] = templates.map((template) => template.replaceAll(/^ *#.*\n/gm, ''));
  return a !== b;
}
