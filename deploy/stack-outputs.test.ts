import { CloudFormationClient, CloudFormationServiceException } from '@aws-sdk/client-cloudformation';
import { expect, test, vi } from 'vitest';
import { requireCredentials } from './account.ts';
import { announcement } from './announcement.ts';
import { stackOutputs } from './stack-outputs.ts';

function client(answer: () => unknown): CloudFormationClient {
  const cloudFormation = new CloudFormationClient({ region: 'eu-central-1' });
  vi.spyOn(cloudFormation, 'send').mockImplementation(answer as never);
  return cloudFormation;
}

const failure = (message: string) => () => {
  throw new CloudFormationServiceException({ name: 'ValidationError', $fault: 'client', $metadata: {}, message });
};

test('the outputs of a stack, by name', async () => {
  const Outputs = [{ OutputKey: 'SiteUrl', OutputValue: 'https://box.example' }];
  expect(
    await stackOutputs(
      client(() => ({ Stacks: [{ Outputs }] })),
      'box',
    ),
  ).toEqual({ SiteUrl: 'https://box.example' });
});

test('no stack is no failure; a refusal is', async () => {
  expect(await stackOutputs(client(failure('Stack with id box does not exist')), 'box')).toBeUndefined();
  await expect(stackOutputs(client(failure('User is not authorized')), 'box')).rejects.toThrow('not authorized');
});

test('without credentials it says what to do', async () => {
  const nobody = new CloudFormationClient({
    region: 'eu-central-1',
    credentials: async () => Promise.reject(new Error('Could not load credentials from any providers')),
  });
  await expect(requireCredentials(nobody)).rejects.toThrow(/There are no AWS credentials.*aws configure/);
});

test('the announcement is ready to paste', () => {
  const text = announcement({
    ...{ SiteUrl: 'https://box.example', WebSocketUrl: 'wss://box.example/prod' },
    ...{ HttpApiUrl: 'https://h.execute-api.example', ServiceEndpointWebsocket: 'wss://w.execute-api.example/prod' },
  });
  expect(text).toContain('<script type="module" src="https://box.example/shout-box.js"></script>');
  expect(text).toContain('<shout-box server="https://box.example"></shout-box>');
  expect(text).toContain('npx wscat -c wss://box.example/prod -H "Authorization: Bearer $TOKEN"');
  expect(text).not.toContain('undefined');
});
