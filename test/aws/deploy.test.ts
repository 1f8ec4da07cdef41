import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Parameters, readParametersFile } from '../../deploy/parameters.ts';
import { deployStage, removeStage } from '../../deploy/stage.ts';
import { FakeAws } from './fake-aws.ts';

const options = { stage: 'prod', region: 'eu-central-1', deleteEvents: false };
const STACK = 'shout-box-prod';

let aws: FakeAws;
let parameters: Parameters;
beforeEach(async () => {
  aws = new FakeAws();
  vi.stubEnv('AWS_ENDPOINT_URL', await aws.start());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'operator');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  // The framework asks CloudFormation every 5 s otherwise.
  vi.stubEnv('SLS_AWS_MONITORING_FREQUENCY', '20');
  vi.spyOn(console, 'log').mockReturnValue();
  parameters = await readParametersFile('deploy/params.example.yml');
});
afterEach(() => {
  aws.stop();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A site as small as one can be. */
async function buildSite(siteUrl: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-site-'));
  await writeFile(join(directory, 'shout-box.js'), `// ${siteUrl}`);
  return directory;
}

test('a stage comes up, is removed but for its messages, and comes up again with them', async () => {
  const said = await deployStage(options, parameters, buildSite);
  expect(said).toContain('<shout-box server="https://d1.cloudfront.example"></shout-box>');
  const uploaded = [...aws.objects.keys()];
  expect(uploaded.filter((key) => /^shout-box-prod-deployment\/.*\/fanOut\.zip$/.test(key))).toHaveLength(1);
  expect(aws.objects.get(`${STACK}-site/shout-box.js`)).toMatchObject({ type: 'text/javascript; charset=utf-8' });
  const origins = aws.objects.get(`${STACK}-site/origins.json`);
  expect(origins?.type).toBe('application/json');
  expect(origins?.body).toContain(JSON.stringify(parameters.ALLOWED_ORIGINS?.split(',')));
  expect(aws.invalidated).toEqual(['E1']);

  expect(await removeStage(options, parameters)).toContain('are kept in the table shout-box-prod-events');
  expect(aws.stacks.has(STACK)).toBe(false);
  expect([...aws.objects.keys()].filter((key) => key.startsWith(`${STACK}-site/`))).toEqual([]);
  expect(aws.tables).toEqual(new Set(['shout-box-prod-events']));

  aws.actions.length = 0;
  await deployStage(options, parameters, buildSite);
  expect(aws.actions.slice(0, 2)).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
  expect(console.log).toHaveBeenCalledWith('Taking over the messages that shout-box-prod-events still holds');
}, 120_000);

test('messages go only where that is said, out of their protection first', async () => {
  aws.tables.add('shout-box-prod-events');
  expect(await removeStage({ ...options, deleteEvents: true }, parameters)).toContain('are deleted');
  expect(aws.actions).toEqual(['UpdateTable', 'DeleteTable']);
  expect(await removeStage(options, parameters)).toBe('There are no messages of prod.');
});

test('without credentials nothing is begun', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  await expect(deployStage(options, parameters, buildSite)).rejects.toThrow('There are no AWS credentials');
  expect(aws.actions).toEqual([]);
});
