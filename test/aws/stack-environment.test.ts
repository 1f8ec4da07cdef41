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

test('a command on a stage has its tables and rooms, whatever the shell says', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', stage.onAws.AWS_ENDPOINT_URL);
  stage.aws.cloudFormation.outputs.Rooms = 'lobby,staff=moderator';
  const env = await stackEnvironment(['--stage', 'prod'], { ROOMS: '*', EVENTS_TABLE: 'another' });
  expect(env).toMatchObject({ ROOMS: 'lobby,staff=moderator', EVENTS_TABLE: 'shout-box-prod-events' });
  delete stage.aws.cloudFormation.outputs.Rooms;
  expect((await stackEnvironment(['--stage', 'prod'], { ROOMS: '*' })).ROOMS).toBe('');
});

test('a command on the stack of this machine has any room', async () => {
  vi.stubEnv('SHOUT_DATA_DIR', stage.onThisMachine.SHOUT_DATA_DIR);
  expect(await stackEnvironment([], {})).toMatchObject({ ROOMS: '*', EVENTS_TABLE: 'shout-box-dev-events' });
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
