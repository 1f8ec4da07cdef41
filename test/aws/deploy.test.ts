import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { adoptEvents } from '../../deploy/adopt-events.ts';
import { withAdvice } from '../../deploy/advice.ts';
import { ensureBoundary } from '../../deploy/boundary.ts';
import type { Template } from '../../deploy/check/stack.ts';
import { awsClients } from '../../deploy/clients.ts';
import { deployAndTry } from '../../deploy/deploy-and-try.ts';
import { type Parameters, readParametersFile } from '../../deploy/parameters.ts';
import { stageTarget } from '../../deploy/smoke/target.ts';
import { deployStage, removeStage } from '../../deploy/stage.ts';
import { usableStack } from '../../deploy/usable-stack.ts';
import { startStack } from '../stack.ts';
import { readTemplate } from './cloudformation-yaml.ts';
import { deployerStatements } from './deployer.ts';
import { FakeAws } from './fake-aws.ts';
import { allows } from './iam.ts';

const options = { stage: 'prod', region: 'eu-central-1', deleteEvents: false };
const STACK = 'shout-box-prod';
const TABLE = `${STACK}-events`;

let aws: FakeAws;
let parameters: Parameters;
let said: () => string[];
beforeEach(async () => {
  aws = new FakeAws();
  vi.stubEnv('AWS_ENDPOINT_URL', await aws.start());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'operator');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  // Makes the Serverless Framework poll CloudFormation every 20 ms. Its default is 5 s.
  vi.stubEnv('SLS_AWS_MONITORING_FREQUENCY', '20');
  const log = vi.spyOn(console, 'log').mockReturnValue();
  said = () => log.mock.calls.map(([line]) => String(line));
  parameters = await readParametersFile('deploy/params.example.yml');
});
afterEach(() => {
  aws.stop();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Writes a minimal site. @returns its directory */
async function buildSite(siteUrl: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-site-'));
  await writeFile(join(directory, 'shout-box.js'), `// ${siteUrl}`);
  return directory;
}

/** Returns which secret the distribution sends and which ones a function accepts, each as `<name>:<version>`. */
function secretsOf({ cloudFormation }: FakeAws): string[] {
  const { Distribution, ConfigLambdaFunction } = cloudFormation.stacks.get(STACK)!.template.Resources;
  const [, { OriginCustomHeaders }] = Distribution!.Properties.DistributionConfig.Origins;
  const accepted = ConfigLambdaFunction!.Properties.Environment.Variables.ORIGIN_SECRETS['Fn::Sub'];
  const prefix = /\{\{resolve:ssm:\/shout-box-prod\/origin-secret-(\w:\d+)\}\}/g;
  return [OriginCustomHeaders[0].HeaderValue, accepted].map((value) => value.replaceAll(prefix, '$1'));
}

test('a change that fails before it reaches CloudFormation is not explained by an older failure', async () => {
  const older = { id: 'older', resource: 'Distribution', type: '', status: 'CREATE_FAILED', reason: 'CNAMEs' };
  aws.cloudFormation.stacks.set(STACK, {
    template: { Resources: {} } as Template,
    status: 'ROLLBACK_COMPLETE',
    events: [older],
  });
  const change = () => Promise.reject(new Error('no network'));
  const { cloudFormation } = awsClients(options.region);
  await expect(withAdvice(cloudFormation, STACK, 'Not deployed.', change)).rejects.toThrow(
    /^Not deployed\.\nno network$/,
  );
});

test('deployed, failed half-way, deployed again and talked to, removed and adopted, with the permissions of the deployment role', async () => {
  // Stands for the deployed back end, to which the distribution would forward requests.
  await using box = await startStack({ env: { AWS_ENDPOINT_URL: '' } });
  aws.cloudFormation.outputs.SiteUrl = box.http;
  const SMOKE_TOKEN = await box.token('smoke');
  // The operator's shell has settings for `npm start`. A deployment must not take them.
  vi.stubEnv('RETENTION_DAYS', '2');
  vi.stubEnv('REQUIRED_SCOPE', 'of-the-shell');

  aws.cloudFormation.failing = {
    resource: 'Distribution',
    reason: 'Your account must be verified before you can add new CloudFront resources.',
  };
  const failed = deployStage(options, parameters, buildSite);
  await expect(failed).rejects.toThrow(/^The stack was not deployed\.\nDistribution: Your account must be verified/);
  await expect(failed).rejects.toThrow(/Support Center.*run this again/);
  expect(said()[0]).toBe('Deploying shout-box-prod in eu-central-1, account 123456789012');
  expect(aws.actions[0]).toBe('CreateStack boundary-of-shout-box');
  const secrets = new Map(aws.parameters);
  expect([...secrets.keys()]).toEqual(['/shout-box-prod/origin-secret-a', '/shout-box-prod/origin-secret-b']);
  expect(new Set([...secrets.values()].map(({ Value }) => Value)).size).toBe(2);
  for (const { Value } of secrets.values()) expect(Value).toMatch(/^[\w-]{43}$/);
  expect(aws.tables).toEqual(new Set([TABLE]));

  // The permissions boundary exists now, so the permissions of the GitHub workflow suffice from here on.
  const statements = deployerStatements(await readTemplate('deploy/github-role.yml'));
  aws.authorize = (request) => allows(statements, request);
  aws.requests.length = 0;
  expect(await deployAndTry(options, parameters, buildSite, { SMOKE_TOKEN })).toBe(true);
  expect(said()).toContain('Taking over the messages that shout-box-prod-events still holds');
  expect(aws.cloudFormation.stacks.get(STACK)).toMatchObject({
    status: 'UPDATE_COMPLETE',
    template: { Outputs: { RetentionDays: { Value: 'none' } } },
  });
  expect(JSON.stringify(aws.cloudFormation.stacks.get(STACK)!.template)).not.toContain('of-the-shell');
  expect(said().join('\n')).toContain(`<shout-box server="${box.http}"></shout-box>`);
  expect(said().slice(-9)).toEqual([...Array(8).fill(expect.stringMatching(/^ {2}✓ .* ms$/)), '\nIt works.']);
  const uploaded = [...aws.objects.keys()];
  expect(uploaded.filter((key) => /^shout-box-prod-deployment\/.*\/fanOut\.zip$/.test(key))).not.toEqual([]);
  expect(aws.objects.get(`${STACK}-site/shout-box.js`)).toMatchObject({ type: 'text/javascript; charset=utf-8' });
  expect(aws.invalidated).toEqual(['E1']);
  expect(aws.cloudFormation.stacks.get(STACK)!.tags).toEqual(
    expect.arrayContaining(['project=shout-box', 'stage=prod']),
  );
  expect(aws.actions.at(-1)).toBe('CreateStack shout-box-prod-edge');
  const edge = () => aws.cloudFormation.stacks.get('shout-box-prod-edge');
  expect(edge()).toMatchObject({
    input: expect.stringMatching(/shout-box-prod.*E1.*operator@example\.org/),
    tags: ['project=shout-box', 'stage=prod'],
  });
  expect(new Map(aws.parameters)).toEqual(secrets);
  expect(secretsOf(aws)).toEqual(['a:1', 'a:1,b:1']);

  // Replaces a secret, as docs/operations.md says.
  aws.parameters.set('/shout-box-prod/origin-secret-a', { Value: 'new', Version: 2 });
  expect(await deployAndTry(options, { ...parameters, ORIGIN_SECRET: 'b' }, buildSite, {})).toBe(true);
  expect(said().at(-1)).toMatch(/^Not tried: to connect, .*\n {2}SMOKE_TOKEN=… npm run smoke -- --stage prod/);
  expect(secretsOf(aws)).toEqual(['b:1', 'a:2,b:1']);
  // The stack of the edge alarms needed no change.
  expect(edge()).toMatchObject({ status: 'CREATE_COMPLETE' });

  const smoke = (env: object) =>
    promisify(execFile)(process.execPath, ['deploy/smoke.ts', '--stage', 'prod'], { env: { ...process.env, ...env } });
  expect((await smoke({ SMOKE_TOKEN })).stdout).toContain('It works.');
  const message = expect.stringContaining('set SMOKE_TOKEN to an access token of your issuer');
  await expect(smoke({ SMOKE_TOKEN: '' })).rejects.toMatchObject({ code: 1, stdout: message });

  expect(await removeStage(options, parameters)).toContain('are kept in the table shout-box-prod-events');
  expect(aws.cloudFormation.stacks.has(STACK)).toBe(false);
  expect([...aws.objects.keys()].filter((key) => key.startsWith(`${STACK}-site/`))).toEqual([]);
  expect(aws.tables).toEqual(new Set([TABLE]));
  expect(aws.parameters.size).toBe(0);
  expect(edge()).toBeUndefined();

  // Deploys once more, now with the stage's own user pool. This needs neither a parameters file nor a token.
  aws.actions.length = 0;
  aws.cognito.token = () => box.token('smoke');
  const withDefaults = await readParametersFile('deploy/params.nowhere.yml');
  expect(await deployAndTry(options, withDefaults, buildSite, {})).toBe(true);
  expect(said().join('\n')).toContain('people register in the box');
  expect(said().at(-1)).toBe('\nIt works.');
  expect(aws.cognito.operations).toEqual([
    ...['AdminCreateUser', 'AdminSetUserPassword', 'AdminInitiateAuth', 'AdminDeleteUser'],
  ]);
  expect(aws.cognito.people).toEqual(new Map());
  expect(aws.cloudFormation.stacks.get(STACK)!.template.Resources).toHaveProperty('UserPoolClient');
  expect(aws.actions.filter((action) => !action.startsWith('PutParameter')).slice(0, 2)).toEqual([
    `CreateChangeSet ${STACK}`,
    `ExecuteChangeSet ${STACK}`,
  ]);
  expect(aws.cloudFormation.stacks.get(STACK)).toMatchObject({ status: 'UPDATE_COMPLETE' });
  const refused = aws.requests.filter((request) => !allows(statements, request)).map(({ action }) => action);
  // Only these two calls are outside the role's permissions. GetCallerIdentity needs no permission. With
  // DescribeRepositories, the framework looks for container images, and it goes on if that is refused.
  expect([...new Set(refused)]).toEqual(['sts:GetCallerIdentity', 'ecr:DescribeRepositories']);
}, 900_000);

test('a log that cannot be taken over says which resource failed, and why', async () => {
  aws.tables.add(TABLE);
  aws.cloudFormation.failing = { resource: 'EventsTable', reason: 'It has another key.' };
  const directory = await mkdtemp(join(tmpdir(), 'shout-box-adopt-'));
  const template = JSON.stringify({ Resources: { EventsTable: {} } });
  for (const which of ['create', 'update'])
    await writeFile(join(directory, `cloudformation-template-${which}-stack.json`), template);
  await expect(adoptEvents(awsClients('eu-central-1').cloudFormation, STACK, false, directory)).rejects.toThrow(
    'shout-box-prod could not take over its messages.\nEventsTable: It has another key.',
  );
});

describe('a stack that is there', () => {
  const stackWith = (status: string) => {
    aws.cloudFormation.stacks.set(STACK, { template: { Resources: {} } as never, status, events: [] });
    return usableStack(awsClients('eu-central-1').cloudFormation, STACK);
  };

  test.each(['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'])(
    'and never began (%s) is removed',
    async (status) => {
      expect(await stackWith(status)).toBeUndefined();
      expect(aws.actions).toEqual([`DeleteStack ${STACK}`]);
    },
  );

  test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'])(
    'as %s is updated',
    async (status) => {
      expect(await stackWith(status)).toMatchObject({ status });
      expect(aws.actions).toEqual([]);
    },
  );

  test.each([
    ['UPDATE_IN_PROGRESS', /another deployment is under way/],
    ['UPDATE_ROLLBACK_FAILED', /continue-update-rollback --stack-name shout-box-prod/],
    ['DELETE_FAILED', /npm run remove/],
  ])('as %s is left alone, with what to do', async (status, says) => {
    await expect(stackWith(status)).rejects.toThrow(says);
    expect(aws.actions).toEqual([]);
  });
});

test('a boundary that has to change is changed by an administrator, and by nobody else', async () => {
  const { cloudFormation } = awsClients('us-east-1');
  await ensureBoundary(cloudFormation);
  await ensureBoundary(cloudFormation);
  expect(aws.actions).toEqual(['CreateStack boundary-of-shout-box']);
  aws.cloudFormation.answer(
    'UpdateStack',
    new URLSearchParams({ StackName: 'boundary-of-shout-box', TemplateBody: 'old' }),
  );
  const statements = deployerStatements(await readTemplate('deploy/github-role.yml'));
  aws.authorize = (request) => allows(statements, request);
  await expect(ensureBoundary(cloudFormation)).rejects.toThrow(/An administrator has to run the deployment once/);
  aws.authorize = () => true;
  await ensureBoundary(cloudFormation);
  expect(aws.actions.at(-1)).toBe('UpdateStack boundary-of-shout-box');
});

test.each([
  ['other lines of comments, for which nobody asks for an update', /^/, '# An older comment\n', []],
  ['another comment in a line', /^Resources:/m, 'Resources: # An older comment', ['UpdateStack boundary-of-shout-box']],
])('a boundary is left as it is with %s', async (_, place, comment, asked) => {
  const { cloudFormation } = awsClients('us-east-1');
  const TemplateBody = (await readFile('deploy/boundary.yml', 'utf8')).replace(place, comment);
  const StackName = 'boundary-of-shout-box';
  aws.cloudFormation.answer('CreateStack', new URLSearchParams({ StackName, TemplateBody }));
  await ensureBoundary(cloudFormation);
  expect(aws.cloudFormation.stacks.get(StackName)!.status).toBe('CREATE_COMPLETE');
  expect(aws.actions).toEqual(asked);
});

test('messages go only where that is said, out of their protection first', async () => {
  aws.tables.add(TABLE);
  expect(await removeStage({ ...options, deleteEvents: true }, parameters)).toContain('are deleted');
  expect(aws.actions.slice(1)).toEqual(['UpdateTable', 'DeleteTable']);
  expect(await removeStage(options, parameters)).toBe('There are no messages of prod.');
});

test('without credentials nothing is begun', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  await expect(deployStage(options, parameters, buildSite)).rejects.toThrow('There are no AWS credentials: sign in');
  vi.stubEnv('AWS_PROFILE', 'typo');
  await expect(deployStage(options, parameters, buildSite)).rejects.toThrow('of the profile typo: sign in');
  expect(aws.actions).toEqual([]);
});

test('a refusal names the call, what it was about and the region', async () => {
  aws.authorize = ({ action }) => action !== 's3:PutObject' && action !== 'dynamodb:DescribeTable';
  await expect(deployStage(options, parameters, buildSite)).rejects.toThrow(
    /^DynamoDB DescribeTable \(shout-box-prod-events\) in eu-central-1: not authorized/,
  );
});

test('a command that only looks at a stage names the call too', async () => {
  aws.authorize = () => false;
  const call = /^CloudFormation DescribeStacks \(shout-box-prod\) in eu-central-1: not authorized/;
  await expect(stageTarget(options, {})).rejects.toThrow(call);
  const redrive = promisify(execFile)(process.execPath, ['deploy/redrive.ts', '--stage', 'prod']);
  await expect(redrive).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(call.source.replace('^', '')) });
});
