import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  type CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { beforeAll, expect, test, vi } from 'vitest';
import { adoptEvents } from './adopt-events.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shout-box-adopt-'));
  const template = (name: string, Resources: object) =>
    writeFile(join(directory, `cloudformation-template-${name}-stack.json`), JSON.stringify({ Resources }));
  await template('create', { ServerlessDeploymentBucket: {} });
  await template('update', { EventsTable: { DeletionPolicy: 'Retain' }, StateTable: {} });
});

function cloudFormation(changeSet: object): { client: CloudFormationClient; sent: unknown[] } {
  const client = new CloudFormationClient({ region: 'eu-central-1' });
  const sent: unknown[] = [];
  vi.spyOn(client, 'send').mockImplementation((async (command: unknown) => {
    sent.push(command);
    if (command instanceof DescribeChangeSetCommand) return changeSet;
    return { Stacks: [{ StackStatus: 'CREATE_COMPLETE' }] };
  }) as never);
  return { client, sent };
}

test('a stack begins with the log that is there already, and nothing of its own', async () => {
  const { client, sent } = cloudFormation({ Status: 'CREATE_COMPLETE' });
  await adoptEvents(client, 'shout-box-prod', directory);
  const [created] = sent as [CreateChangeSetCommand];
  expect(created.input).toMatchObject({
    StackName: 'shout-box-prod',
    ChangeSetType: 'CREATE',
    ImportExistingResources: true,
  });
  expect(JSON.parse(created.input.TemplateBody!)).toEqual({
    Resources: { ServerlessDeploymentBucket: {}, EventsTable: { DeletionPolicy: 'Retain' } },
  });
  expect(sent.some((command) => command instanceof ExecuteChangeSetCommand)).toBe(true);
});

test('a change set that fails is not carried out, and says why', async () => {
  const { client, sent } = cloudFormation({ Status: 'FAILED', StatusReason: 'the table is in another stack' });
  await expect(adoptEvents(client, 'shout-box-prod', directory)).rejects.toThrow('the table is in another stack');
  expect(sent.some((command) => command instanceof ExecuteChangeSetCommand)).toBe(false);
});
