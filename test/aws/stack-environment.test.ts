import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stackEnvironment } from '../../deploy/stack-environment.ts';
import { type OperatorStage, startOperatorStage } from './operator-stage.ts';

let stage: OperatorStage;
beforeAll(async () => {
  stage = await startOperatorStage();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stage.stop();
});

test('a command on a stage has its tables and settings, whatever the shell says', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', stage.onAws.AWS_ENDPOINT_URL);
  const { outputs } = stage.aws.cloudFormation;
  const shell = {
    ...{ ROOMS: '*', RETENTION_DAYS: '2', EVENTS_TABLE: 'another' },
    ...{ DYNAMODB_ENDPOINT: 'http://127.0.0.1:9', DELIVER_FUNCTION: 'another' },
  };
  const elsewhere = { DYNAMODB_ENDPOINT: '', DELIVER_FUNCTION: '', EVENTS_TABLE: 'shout-box-prod-events' };
  Object.assign(outputs, { Rooms: 'lobby,staff=moderator', RetentionDays: '30' });
  expect(await stackEnvironment(['--stage', 'prod'], shell)).toMatchObject({
    ...{ ...elsewhere, ROOMS: 'lobby,staff=moderator', RETENTION_DAYS: '30' },
  });
  outputs.RetentionDays = 'none';
  expect(await stackEnvironment(['--stage', 'prod'], shell)).toMatchObject({ ...elsewhere, RETENTION_DAYS: '' });
  delete outputs.Rooms;
  delete outputs.RetentionDays;
  expect(await stackEnvironment(['--stage', 'prod'], shell)).toMatchObject({ ROOMS: '', RETENTION_DAYS: undefined });
});

test('a command on the stack of this machine has any room', async () => {
  const { SHOUT_DATA_DIR } = stage.onThisMachine;
  const env = await stackEnvironment([], { SHOUT_DATA_DIR, AWS_PROFILE: 'of-the-shell', AWS_ACCESS_KEY_ID: 'AKIA' });
  expect([env.AWS_PROFILE, env.AWS_ACCESS_KEY_ID], 'no credentials of the shell').toEqual([undefined, 'local']);
  expect(env).toMatchObject({
    ROOMS: '*',
    EVENTS_TABLE: 'shout-box-dev-events',
  });
});

test('npm run moderate -- --stage acts on the tables of the stage', async () => {
  const moderate = async (...args: string[]) => {
    const run = promisify(execFile)(process.execPath, ['deploy/moderate.ts', '--stage', 'prod', ...args], {
      env: stage.onAws,
    });
    return (await run).stdout;
  };
  expect(await moderate('words', 'add', 'idiot')).toBe('idiot\n');
  expect(await moderate('words')).toBe('idiot\n');
  expect(await moderate('reports')).toContain('Nobody is banned');
  expect(stage.aws.requests.map(({ action }) => action)).toContain('cloudformation:DescribeStacks');
});
