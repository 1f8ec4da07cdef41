import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { runChecks } from '../../deploy/check/all.ts';
import { checkEnvironment, checkHandlers } from '../../deploy/check/functions.ts';
import { checkNag } from '../../deploy/check/nag.ts';
import { checkReferences } from '../../deploy/check/references.ts';
import { checkRules, rules } from '../../deploy/check/rules.ts';
import { checkSpec } from '../../deploy/check/spec.ts';
import type { Json, Stack, Template } from '../../deploy/check/stack.ts';
import { compiledStack } from './compiled-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await compiledStack();
}, 180_000);

type Break = (resources: Record<string, Json>, template: Template) => void;

/** Returns a copy of the compiled stack with the error that `by` makes. */
function broken(by: Break): Stack {
  const copy = { ...stack, template: structuredClone(stack.template) };
  by(copy.template.Resources, copy.template);
  return copy;
}

const QUEUE_MAPPING = 'RedriveEventSourceMappingSQSParkedEvents';
const MAPPING = 'FanOutEventSourceMappingDynamodbEventsTable';
const grant = (role: string, statement: object): Break => {
  return (resources) => resources[role].Properties.Policies[0].PolicyDocument.Statement.push(statement);
};

/** Returns a change that adds a user pool. Apart from the given attributes and properties, the pool is correct. */
const userPool = (attributes: object, properties: object = {}): Break => {
  return (resources) => {
    resources.UserPool = {
      Type: 'AWS::Cognito::UserPool',
      ...{ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain', ...attributes },
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
        UserPoolTier: 'ESSENTIALS',
        Schema: [{ Name: 'nickname', Required: true }],
        LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0' } },
        ...properties,
      },
    };
  };
};
const userPoolClient = (properties: object, ...others: string[]): Break => {
  return (resources, { Outputs }) => {
    const name = Outputs.SiteUrl!.Value['Fn::Sub'][1];
    resources.UserPoolClient = {
      Type: 'AWS::Cognito::UserPoolClient',
      Properties: {
        GenerateSecret: false,
        AllowedOAuthFlows: ['code'],
        CallbackURLs: [{ 'Fn::Sub': ['https://${Name}/callback.html', name] }, ...others],
        ...properties,
      },
    };
  };
};

const hostedPages = (style?: object): Break => {
  return (resources) => {
    const ofPool = { UserPoolId: { Ref: 'UserPool' } };
    resources.UserPoolDomain = {
      Type: 'AWS::Cognito::UserPoolDomain',
      Properties: { ...ofPool, ManagedLoginVersion: 2 },
    };
    if (style)
      resources.UserPoolStyle = { Type: 'AWS::Cognito::ManagedLoginBranding', Properties: { ...ofPool, ...style } };
  };
};

describe('as it is, the stack passes', () => {
  test('its specification', () => expect(checkSpec(stack.template)).toEqual([]));
  test('its own references', () => expect(checkReferences(stack.template)).toEqual([]));
  test('cdk-nag', () => expect(checkNag(stack.template)).toEqual([]));
  test('the rules of this project', () => expect(checkRules(stack.template)).toEqual([]));
  test('loading every handler', async () => expect(await checkHandlers(stack)).toEqual([]));
  test('the comparison of environment variables', async () => expect(await checkEnvironment(stack)).toEqual([]));
  test('no user pool, because an issuer is named', () =>
    expect(Object.values(stack.template.Resources).filter(({ Type }) => /Cognito/.test(Type))).toEqual([]));
  test('with room below the 500 resources a stack can have', () =>
    expect(Object.keys(stack.template.Resources).length).toBeLessThan(250));
});

describe('each rule of this project is broken by', () => {
  const breaks: Record<string, [what: string, by: Break][]> = {
    'a stream is read from its beginning (TRIM_HORIZON)': [
      ['LATEST', (r) => Object.assign(r[MAPPING].Properties, { StartingPosition: 'LATEST' })],
    ],
    'a batch reports what failed (ReportBatchItemFailures)': [
      ['leaving it out', (r) => delete r[MAPPING].Properties.FunctionResponseTypes],
      ['no mapping at all', (r) => delete r[MAPPING]],
    ],
    'a batch is retried for a finite time, split, and then reported': [
      ['retries for ever', (r) => Object.assign(r[MAPPING].Properties, { MaximumRecordAgeInSeconds: -1 })],
      ['records of any age', (r) => delete r[MAPPING].Properties.MaximumRecordAgeInSeconds],
      ['batches kept whole', (r) => Object.assign(r[MAPPING].Properties, { BisectBatchOnFunctionError: false })],
      ['nowhere to report to', (r) => delete r[MAPPING].Properties.DestinationConfig],
    ],
    'a batch is no larger than ten transactions number (900)': [
      ['1,000', (r) => Object.assign(r[MAPPING].Properties, { BatchSize: 1_000 })],
    ],
    'a queue uses little of the concurrency, and leaves what fails to another queue': [
      ['ten rooms at once', (r) => Object.assign(r[QUEUE_MAPPING].Properties, { BatchSize: 10 })],
      ['all the concurrency', (r) => delete r[QUEUE_MAPPING].Properties.ScalingConfig],
      ['no other queue', (r) => delete r.ParkedEvents.Properties.RedrivePolicy],
    ],
    'API Gateway logs no payloads': [
      [
        'the framework default',
        (r) => Object.assign(r.WebsocketsDeploymentStage.Properties.DefaultRouteSettings, { DataTraceEnabled: true }),
      ],
      [
        'one route',
        (r) => Object.assign(r.WebsocketsDeploymentStage.Properties.RouteSettings.$connect, { DataTraceEnabled: true }),
      ],
    ],
    'access logs are kept': [['no destination', (r) => delete r.HttpApiStage.Properties.AccessLogSettings]],
    'a WebSocket stage waits for the role that its logs are written with': [
      ['no order', (r) => delete r.WebsocketsDeploymentStage.DependsOn],
    ],
    'a stage is throttled, and no route beyond it': [
      ['no rate', (r) => delete r.HttpApiStage.Properties.DefaultRouteSettings.ThrottlingRateLimit],
      ['no burst', (r) => delete r.WebsocketsDeploymentStage.Properties.DefaultRouteSettings.ThrottlingBurstLimit],
      [
        'a faster route',
        (r) => {
          r.WebsocketsDeploymentStage.Properties.RouteSettings.sendMessage.ThrottlingRateLimit = 5_000;
        },
      ],
    ],
    'state ends by itself (TTL)': [['no TTL', (r) => delete r.StateTable.Properties.TimeToLiveSpecification]],
    'the log can be restored to any second (PITR)': [
      ['PITR off', (r) => delete r.EventsTable.Properties.PointInTimeRecoverySpecification],
    ],
    'the log outlives the stack (Retain) and is protected against deletion': [
      ['Delete', (r) => Object.assign(r.EventsTable, { DeletionPolicy: 'Delete' })],
      ['a replacement that deletes', (r) => delete r.EventsTable.UpdateReplacePolicy],
      ['no protection', (r) => delete r.EventsTable.Properties.DeletionProtectionEnabled],
    ],
    'tables with indexes are made one after the other': [['no order', (r) => delete r.StateTable.DependsOn]],
    'a table is encrypted with a key that CloudTrail shows': [
      ['the default', (r) => delete r.StateTable.Properties.SSESpecification],
    ],
    'a function runs on nodejs24.x and arm64, traced': [
      ['an old runtime', (r) => Object.assign(r.PingLambdaFunction.Properties, { Runtime: 'nodejs20.x' })],
      ['x86', (r) => Object.assign(r.PingLambdaFunction.Properties, { Architectures: ['x86_64'] })],
      ['no tracing', (r) => delete r.FanOutLambdaFunction.Properties.TracingConfig],
    ],
    'a function has a role of its own': [
      [
        'a shared role',
        (r) => Object.assign(r.PingLambdaFunction.Properties, { Role: { 'Fn::GetAtt': ['ConnectRole', 'Arn'] } }),
      ],
      [
        'a role from elsewhere',
        (r) => Object.assign(r.PingLambdaFunction.Properties, { Role: 'arn:aws:iam::1:role/x' }),
      ],
    ],
    'a function is invoked only by a source that the stack names (SourceArn)': [
      ['what the framework makes', (r) => delete r.ConnectLambdaPermissionWebsockets.Properties.SourceArn],
      [
        "any account's APIs",
        (r) => {
          const SourceArn = { 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:*:*/*/$connect' };
          Object.assign(r.ConnectLambdaPermissionWebsockets.Properties, { SourceArn });
        },
      ],
    ],
    'a role lies under /shout-box/ and inside the boundary': [
      ['no boundary', (r) => delete r.PingRole.Properties.PermissionsBoundary],
      [
        'another boundary',
        (r) => Object.assign(r.PingRole.Properties, { PermissionsBoundary: 'arn:aws:iam::1:policy/x' }),
      ],
      ['another path', (r) => delete r.ApiGatewayLogsRole.Properties.Path],
    ],
    'no role allows an action by wildcard': [
      ['dynamodb:*', grant('PingRole', { Effect: 'Allow', Action: 'dynamodb:*', Resource: 'arn:x' })],
      ['dynamodb:Get*', grant('PingRole', { Effect: 'Allow', Action: ['dynamodb:Get*'], Resource: 'arn:x' })],
    ],
    'no role allows anything on every resource, but X-Ray': [
      ['a table read', grant('PingRole', { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: ['*'] })],
    ],
    'only what delivers, and what replaces a connection, posts; others at most close, of this API and stage': [
      [
        'another function',
        grant('PingRole', {
          ...{ Effect: 'Allow', Action: ['execute-api:ManageConnections'] },
          Resource: { 'Fn::Sub': 'arn:aws:execute-api:eu-central-1:1:${WebsocketsApi}/prod/POST/@connections/*' },
        }),
      ],
      [
        'every API',
        grant('FanOutRole', {
          ...{ Effect: 'Allow', Action: ['execute-api:ManageConnections'] },
          Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:*:*:*/@connections/*' },
        }),
      ],
      ...['/other/POST/@connections/*', '/prod/*/@connections/*', '/prod/GET/@connections/*'].map(
        (path): [string, Break] => [
          path,
          grant('ConnectRole', {
            ...{ Effect: 'Allow', Action: ['execute-api:ManageConnections'] },
            Resource: { 'Fn::Sub': `arn:aws:execute-api:eu-central-1:1:\${WebsocketsApi}${path}` },
          }),
        ],
      ),
    ],
    "the management endpoint is API Gateway's own, whatever name clients use": [
      [
        'the distribution',
        (r) => {
          const name = { 'Fn::Sub': 'https://${Distribution.DomainName}/prod' };
          r.FanOutLambdaFunction.Properties.Environment.Variables.CONNECTIONS_ENDPOINT = name;
        },
      ],
    ],
    'the distribution hands the APIs everything but Host, and keeps only /config': [
      [
        'the Host that the viewer used',
        (r) => {
          const [, history] = r.Distribution.Properties.DistributionConfig.CacheBehaviors;
          history.OriginRequestPolicyId = '216adef6-5c7f-47e4-b989-5492eafa07d3'; // Managed-AllViewer
        },
      ],
      [
        'history from a cache',
        (r) => {
          const [, history] = r.Distribution.Properties.DistributionConfig.CacheBehaviors;
          history.CachePolicyId = { Ref: 'ConfigCache' };
        },
      ],
      ['a route that it does not know', (r) => (r.HttpApiRouteGetEvents.Properties.RouteKey = 'GET /news')],
    ],
    'the distribution proves itself to both APIs, with a secret that is not in the template': [
      [
        'one API',
        (r) => {
          const [, , webSocket] = r.Distribution.Properties.DistributionConfig.Origins;
          delete webSocket.OriginCustomHeaders;
        },
      ],
      [
        'a secret in plain text',
        (r) => {
          const [, http] = r.Distribution.Properties.DistributionConfig.Origins;
          http.OriginCustomHeaders = [{ HeaderName: 'X-Shout-Box-Origin', HeaderValue: 'hunter2' }];
        },
      ],
    ],
    'a function that strangers reach lets in what the distribution sends, and nothing else': [
      ['none', (r) => Object.assign(r.ConfigLambdaFunction.Properties.Environment.Variables, { ORIGIN_SECRETS: '' })],
      [
        'another secret',
        (r) => {
          const other = '{{resolve:ssm:/shout-box-prod/other:1}}';
          r.ConnectLambdaFunction.Properties.Environment.Variables.ORIGIN_SECRETS['Fn::Sub'] = `${other},${other}`;
        },
      ],
    ],
    'nobody frames the pages of a sign-in, and only ALLOWED_ORIGINS the box': [
      [
        'a page without its policy',
        ({ Distribution }) => {
          const { DistributionConfig } = Distribution.Properties;
          DistributionConfig.CacheBehaviors = DistributionConfig.CacheBehaviors.filter(
            ({ PathPattern }: Json) => PathPattern !== '/sign-in.html',
          );
        },
      ],
      [
        'the policy of the box around the question',
        (r) => {
          const behaviors: Json[] = r.Distribution.Properties.DistributionConfig.CacheBehaviors;
          behaviors.find(({ PathPattern }) => PathPattern === '/sign-in.html')!.ResponseHeadersPolicyId = {
            Ref: 'SiteHeaders',
          };
        },
      ],
      [
        'anybody around the box',
        (r) => {
          const { ContentSecurityPolicy: policy } =
            r.SiteHeaders.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
          policy.ContentSecurityPolicy = policy.ContentSecurityPolicy.replace(
            /frame-ancestors .*/,
            'frame-ancestors *',
          );
        },
      ],
      [
        'an address that is told to others',
        (r) => {
          const { ReferrerPolicy: policy } =
            r.CallbackHeaders.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
          policy.ReferrerPolicy = 'unsafe-url';
        },
      ],
    ],
    'people who registered outlive the stack, and register themselves with the one plan that lets them choose a name': [
      ['a pool that goes with the stack', userPool({ DeletionPolicy: 'Delete' })],
      ['a pool that another replaces', userPool({ UpdateReplacePolicy: undefined })],
      ['people whom only an administrator makes', userPool({}, { AdminCreateUserConfig: {} })],
      ['a page for registering that asks for no name', userPool({}, { Schema: [{ Name: 'nickname' }] })],
      ['a plan without names in access tokens', userPool({}, { UserPoolTier: 'LITE' })],
      ['a trigger that sees the ID token only', userPool({}, { LambdaConfig: { PreTokenGeneration: 'arn' } })],
    ],
    'the pages of a user pool have a style, without which they show nothing': [
      ['none', hostedPages()],
      ['an empty one', hostedPages({ UseCognitoProvidedValues: false })],
    ],
    'a client of a user pool has no secret, gets codes only, and only at the callback of the site': [
      ['a secret', userPoolClient({ GenerateSecret: true })],
      ['tokens in the address', userPoolClient({ AllowedOAuthFlows: ['code', 'implicit'] })],
      ['another site', userPoolClient({ CallbackURLs: ['https://elsewhere.example/callback.html'] })],
      ['one more site', userPoolClient({}, 'https://elsewhere.example/callback.html')],
    ],
    'logs end after a while': [['for ever', (r) => delete r.PingLogGroup.Properties.RetentionInDays]],
    'what API Gateway logs goes to a group under /aws/vendedlogs/': [
      [
        'the name of the framework',
        (r) => Object.assign(r.HttpApiLogGroup.Properties, { LogGroupName: '/aws/http-api/shout-box-prod' }),
      ],
      ['a group that is not there', (r) => delete r.WebsocketsLogGroup],
    ],
    'a function logs to a group of the stack': [['no group', (r) => delete r.PingLogGroup]],
    'a table, a queue, and a function that nobody waits for have an alarm': [
      ['a table without', (r) => delete r.ThrottledTablesAlarm],
      ['a queue without', (r) => delete r.FailedBatchesAlarm],
      ['a worker without', (r) => delete r.DeliverErrorsAlarm],
      [
        'a new function',
        (r) => {
          r.SweepLambdaFunction = structuredClone(r.DeliverLambdaFunction);
        },
      ],
    ],
    'the operator hears of what the account spends, and of what it will have spent': [
      ['no budget', (r) => delete r.Budget],
      ['nobody to tell', (r) => Object.assign(r.Budget.Properties, { NotificationsWithSubscribers: [] })],
      ['only afterwards', (r) => r.Budget.Properties.NotificationsWithSubscribers.pop()],
    ],
    'an alarm tells somebody, when it starts and when it ends': [
      ['no action', (r) => Object.assign(r.IteratorAgeAlarm.Properties, { AlarmActions: [] })],
      ['no all-clear', (r) => delete r.IteratorAgeAlarm.Properties.OKActions],
    ],
  };

  test('something, for every rule there is', () => expect(Object.keys(breaks)).toEqual(rules.map(({ name }) => name)));

  const cases = Object.entries(breaks).flatMap(([rule, ways]) => ways.map(([what, by]) => ({ rule, what, by })));
  test.each(cases)('$what: $rule', ({ rule, by }) => {
    const [found] = rules.find(({ name }) => name === rule)?.broken(broken(by).template) ?? [];
    expect(found).toContain(rule);
  });
});

describe('the specification is broken by', () => {
  test.each<[what: string, by: Break, says: string]>([
    [
      'an unknown type',
      (r) => Object.assign(r.Alarms, { Type: 'AWS::SNS::Topik' }),
      'Alarms: there is no resource type',
    ],
    [
      'an unknown property',
      (r) => Object.assign(r.Alarms.Properties, { Topic: 'x' }),
      'Alarms.Topic: no such property',
    ],
    [
      'an unknown property deep inside',
      (r) => Object.assign(r.EventsTable.Properties.GlobalSecondaryIndexes[0].KeySchema[0], { Type: 'S' }),
      'EventsTable.GlobalSecondaryIndexes[0].KeySchema[0].Type: no such property',
    ],
    ['a missing property', (r) => delete r.EventsTable.Properties.KeySchema, 'EventsTable: KeySchema is missing'],
    [
      'a word for a number',
      (r) => Object.assign(r.PingLambdaFunction.Properties, { Timeout: 'long' }),
      'PingLambdaFunction.Timeout: "long" is not a whole number',
    ],
    [
      'one thing for a list',
      (r) => Object.assign(r.PingLambdaFunction.Properties, { Architectures: 'arm64' }),
      'PingLambdaFunction.Architectures: "arm64" is not a list',
    ],
    [
      'a wrong branch of a condition',
      (r) => Object.assign(r.Distribution.Properties.DistributionConfig.ViewerCertificate['Fn::If'][1], { Arn: 'x' }),
      'Distribution.DistributionConfig.ViewerCertificate.Arn: no such property',
    ],
  ])('%s', (_, by, says) => expect(checkSpec(broken(by).template)).toEqual([expect.stringContaining(says)]));
});

describe('references are broken by', () => {
  test.each<[what: string, by: Break, says: RegExp]>([
    [
      'a Ref to nothing',
      (r) => Object.assign(r.Alarms.Properties, { TopicName: { Ref: 'Nobody' } }),
      /Alarms refers to Nobody/,
    ],
    ['a GetAtt of nothing', (r) => delete r.FailedBatches, /FanOutRole refers to FailedBatches/],
    ['a Sub of nothing', (r) => delete r.WebsocketsApi, /FanOutRole refers to WebsocketsApi/],
    ['waiting for nothing', (r) => Object.assign(r.Alarms, { DependsOn: 'Nobody' }), /Alarms refers to Nobody/],
    [
      'a role that waits for what waits for its function',
      (r) => Object.assign(r.FanOutRole, { DependsOn: ['Dashboard'] }),
      /a circle: .*FanOutRole → Dashboard → FanOutLambdaFunction/,
    ],
  ])('%s', (_, by, says) => expect(checkReferences(broken(by).template)).toContainEqual(expect.stringMatching(says)));
});

describe('cdk-nag is not satisfied by', () => {
  test.each<[what: string, by: Break, says: string]>([
    ['a finding without a reason', (r) => delete r.StateTable.Metadata, 'StateTable: AwsSolutions-DDB3'],
    [
      'an empty reason',
      (r) => {
        r.StateTable.Metadata.cdk_nag.rules_to_suppress[0].reason = ' ';
      },
      'StateTable: AwsSolutions-DDB3',
    ],
    [
      'a reason for what is not found any more',
      (r) =>
        Object.assign(r.StateTable.Properties, {
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      'StateTable: the reason given for AwsSolutions-DDB3 is not needed',
    ],
  ])('%s', (_, by, says) => expect(checkNag(broken(by).template)).toEqual([expect.stringContaining(says)]));
});

describe('a package is broken by', () => {
  /** Returns the stack with only this function and this package, because loading all functions would take seconds. */
  const packaged = (id: string, name: string, files: Record<string, Uint8Array>): Stack => {
    const Resources = { [id]: stack.template.Resources[id]! };
    return { ...stack, template: { ...stack.template, Resources }, packages: { [name]: files } };
  };
  const repackaged = (change: (code: string) => string): Stack => {
    const files = Object.entries(stack.packages.ping!).map(([path, file]) => {
      return [path, Buffer.from(change(Buffer.from(file).toString()))] as const;
    });
    return packaged('PingLambdaFunction', 'ping', Object.fromEntries(files));
  };

  test('no file', async () => {
    const problems = await checkHandlers(packaged('PingLambdaFunction', 'ping', {}));
    expect(problems).toEqual(['PingLambdaFunction: its package has no build/ping']);
  });
  test('a missing module', async () => {
    const problems = await checkHandlers(repackaged((code) => `require('left-pad');${code}`));
    expect(problems).toEqual([expect.stringContaining("Cannot find module 'left-pad'")]);
  });
  test('a missing part', async () => {
    const { 'build/close-connection.cjs': part, ...files } = stack.packages.fanOut!;
    expect(part).toBeDefined();
    const problems = await checkHandlers(packaged('FanOutLambdaFunction', 'fanOut', files));
    expect(problems).toEqual([expect.stringMatching(/^FanOutLambdaFunction: .*Cannot find module .*close-connection/)]);
  });
  test('another export', async () => {
    const problems = await checkHandlers(repackaged(() => 'exports.main = () => {}'));
    expect(problems).toEqual([expect.stringContaining('no export handler')]);
  });
});

describe('an environment is broken by', () => {
  test('a variable that is read and not set', async () => {
    const problems = await checkEnvironment(
      broken((r) => delete r.FanOutLambdaFunction.Properties.Environment.Variables.CONNECTIONS_ENDPOINT),
    );
    expect(problems).toEqual(['FanOutLambdaFunction: reads CONNECTIONS_ENDPOINT, which is not set']);
  });
  test('a variable that is set and not read', async () => {
    const problems = await checkEnvironment(
      broken((r) => Object.assign(r.DefaultLambdaFunction.Properties.Environment.Variables, { ISSUER: 'x' })),
    );
    expect(problems).toEqual(['DefaultLambdaFunction: ISSUER is set, but not read']);
  });
});

describe('a stack that cannot be read is reported in sentences', () => {
  test('a function whose role is missing', async () => {
    const results = await runChecks(broken((r) => delete r.PingRole));
    const problems = Object.fromEntries(results.map(({ name, problems }) => [name, problems]));
    expect(problems).toMatchObject({
      'references, without a circle': ['PingLambdaFunction refers to PingRole, which is not there'],
      'AwsSolutions (cdk-nag)': [expect.stringMatching(/^It cannot be checked: .*'PingRole'/)],
      'rules of this project': ['PingLambdaFunction: a function has a role of its own'],
    });
  });

  test('any resource without its properties', () => {
    const { template } = broken(() => {});
    for (const [id, resource] of Object.entries(template.Resources)) {
      for (const Properties of [{}, undefined]) {
        const without = {
          ...template,
          Resources: { ...template.Resources, [id]: { ...resource, Properties } as Json },
        };
        expect(() => [checkRules(without), checkReferences(without)], id).not.toThrow();
      }
    }
  });

  test.each<[what: string, spoil: (project: string) => Promise<void>, says: RegExp]>([
    [
      'a file that is not there',
      (project) => rm(join(project, 'resources/failures.yml')),
      /^\nserverless\.yml includes resources\/failures\.yml, which is not there\.\n$/,
    ],
    [
      'a file that is no YAML',
      (project) => appendFile(join(project, 'resources/tables.yml'), '  - : ]['),
      /^\nserverless\.yml cannot be compiled: .*Cannot parse "resources\/tables\.yml"/,
    ],
    [
      'a handler that is not there',
      (project) => rm(join(project, 'src/handlers/ping.ts')),
      /^\nserverless\.yml cannot be compiled: .*\n.*Could not resolve ".*src\/handlers\/ping\.ts"/,
    ],
  ])('%s', async (_, spoil, says) => {
    const project = await mkdtemp(join(tmpdir(), 'shout-box-project-'));
    const parts = ['serverless.yml', 'package.json', 'deploy', 'local', 'resources', 'schemas', 'src', 'web/pages'];
    await Promise.all(parts.map((part) => cp(part, join(project, part), { recursive: true })));
    await symlink(resolve('node_modules'), join(project, 'node_modules'));
    await spoil(project);
    const run = promisify(execFile)(process.execPath, ['deploy/check.ts'], { cwd: project });
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    await expect(run).rejects.toMatchObject({ stderr: expect.not.stringMatching(/^\s+at /m) });
  });
});
