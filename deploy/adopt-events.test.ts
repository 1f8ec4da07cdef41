import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CloudFormationServiceException,
  type CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { adoptEvents, ownsEvents } from './adopt-events.ts';

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
    if (command instanceof GetTemplateCommand) return { TemplateBody: '{"Resources":{"Left":{}}}' };
    return { Stacks: [{ StackStatus: 'CREATE_COMPLETE' }] };
  }) as never);
  return { client, sent };
}
const created = (sent: unknown[]) =>
  sent.map((command) => (command as CreateChangeSetCommand).input).find(({ ChangeSetType }) => ChangeSetType)!;

test('a new stack begins with the log that is there already, and nothing of its own', async () => {
  const { client, sent } = cloudFormation({ Status: 'CREATE_COMPLETE' });
  await adoptEvents(client, 'shout-box-prod', false, directory);
  expect(created(sent)).toMatchObject({
    StackName: 'shout-box-prod',
    ChangeSetType: 'CREATE',
    ImportExistingResources: true,
  });
  expect(JSON.parse(created(sent).TemplateBody!)).toEqual({
    Resources: { ServerlessDeploymentBucket: {}, EventsTable: { DeletionPolicy: 'Retain' } },
  });
  expect(sent.some((command) => command instanceof ExecuteChangeSetCommand)).toBe(true);
});

test('a stack that a failed deployment left keeps what it has', async () => {
  const { client, sent } = cloudFormation({ Status: 'FAILED' });
  await expect(adoptEvents(client, 'shout-box-prod', true, directory)).rejects.toThrow();
  expect(created(sent)).toMatchObject({ ChangeSetType: 'UPDATE', ImportExistingResources: true });
  expect(JSON.parse(created(sent).TemplateBody!)).toEqual({
    Resources: { Left: {}, EventsTable: { DeletionPolicy: 'Retain' } },
  });
});

test('a change set that fails is not carried out, says why, and is not left behind', async () => {
  const { client, sent } = cloudFormation({ Status: 'FAILED', StatusReason: 'the table is in another stack' });
  const adopted = adoptEvents(client, 'shout-box-prod', false, directory);
  await expect(adopted).rejects.toThrow(
    'shout-box-prod could not take over its messages: the table is in another stack',
  );
  expect(sent.some((command) => command instanceof ExecuteChangeSetCommand)).toBe(false);
  expect(sent.some((command) => command instanceof DeleteChangeSetCommand)).toBe(true);
});

describe('a stack has the log', () => {
  const owns = (answer: () => object) => {
    const client = new CloudFormationClient({ region: 'eu-central-1' });
    vi.spyOn(client, 'send').mockImplementation((async () => answer()) as never);
    return ownsEvents(client, 'shout-box-prod');
  };

  test.each([
    ['CREATE_COMPLETE', true],
    ['UPDATE_FAILED', true],
    // A rollback gives this status to a resource that it removes from the stack but does not delete.
    ['DELETE_SKIPPED', false],
    ['DELETE_COMPLETE', false],
  ])('as %s: %s', async (ResourceStatus, has) => {
    expect(await owns(() => ({ StackResourceDetail: { ResourceStatus } }))).toBe(has);
  });

  const refusal = (name: string, message: string) => () => {
    throw new CloudFormationServiceException({ name, message, $fault: 'client', $metadata: {} });
  };
  test('not where it never made one', async () => {
    expect(await owns(refusal('ValidationError', 'Resource EventsTable does not exist for stack'))).toBe(false);
  });
  test('perhaps where it may not be asked, which is an error', async () => {
    await expect(owns(refusal('AccessDenied', 'not authorized'))).rejects.toThrow('not authorized');
  });
});
