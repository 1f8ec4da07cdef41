import { beforeAll, describe, expect, test } from 'vitest';
import { checkSpec } from '../../deploy/check/spec.ts';
import type { Json, Template } from '../../deploy/check/stack.ts';
import { readTemplate } from './cloudformation-yaml.ts';
import { compiledStack } from './compiled-stack.ts';
import { ACCOUNT, deployerStatements, NAMES, OWN_STACK } from './deployer.ts';
import { BOUNDARY, handlerPermissions, LOG_POLICY } from './handler-permissions.ts';
import { allows, type Request, resolved } from './iam.ts';

const OWN_ROLE = `arn:aws:iam::${ACCOUNT}:role/deployers/shout-box-github-Deployer-1A2B`;
const STACK_ROLE = `arn:aws:iam::${ACCOUNT}:role/shout-box/shout-box-prod-PingRole-1A2B`;
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
let role: Template;
let boundary: Template;
let edge: Template;
let stack: Template;
beforeAll(async () => {
  [role, boundary, edge, { template: stack }] = await Promise.all([
    readTemplate('deploy/github-role.yml'),
    readTemplate('deploy/boundary.yml'),
    readTemplate('deploy/edge-alarms.yml'),
    compiledStack(),
  ]);
}, 180_000);

const refused = (statements: Json[], requests: Request[]) =>
  requests.filter((request) => !allows(statements, request)).map(({ action, resource }) => `${action} ${resource}`);

test('the templates beside the stack match their specification, without YAML aliases, which CloudFormation does not take', () => {
  expect([...checkSpec(role), ...checkSpec(boundary), ...checkSpec(edge)]).toEqual([]);
  expect(deployerStatements(role).length).toBeGreaterThan(10);
});

test("the role's policy is within the 10,240 characters that a role's policies may have", () => {
  expect(JSON.stringify({ Version: '2012-10-17', Statement: deployerStatements(role) }).length).toBeLessThan(10_240);
});

describe('the deployment role', () => {
  test('is for one environment of one repository', () => {
    const [{ Condition }] = role.Resources.Deployer!.Properties.AssumeRolePolicyDocument.Statement;
    expect(resolved(Condition, NAMES).StringEquals['token.actions.githubusercontent.com:sub']).toBe(
      'repo:owner/shout-box:environment:production',
    );
  });

  test('may do everything that CloudFormation does for the resources of the stack', () => {
    const resources = [...Object.values(stack.Resources), ...Object.values(edge.Resources)];
    const types = [...new Set(resources.map(({ Type }) => Type))];
    for (const type of types)
      expect(
        refused(deployerStatements(role), handlerPermissions[type] ?? [{ action: 'unknown', resource: type }]),
        type,
      ).toEqual([]);
  });

  test('may change no zone where none is named', () => {
    const statements = deployerStatements(role, '');
    for (const request of handlerPermissions['AWS::Route53::RecordSetGroup']!) {
      expect(allows(statements, request), request.action).toBe(false);
    }
  });
});

const inside = { 'iam:PermissionsBoundary': BOUNDARY };
const iam = (action: string, resource: string, context: Request['context'] = {}): Request => ({
  action: `iam:${action}`,
  resource,
  context,
});
const stackRequest = (action: string, resource: string): Request => ({ action: `cloudformation:${action}`, resource });

/**
 * Requests that must be refused, because they would give the deployment role more permissions, change that role or the
 * permissions boundary, or reach other projects.
 */
const escalations: [what: string, request: Request][] = [
  ['give itself a policy', iam('PutRolePolicy', OWN_ROLE)],
  ['give itself a policy, from inside the boundary', iam('PutRolePolicy', OWN_ROLE, inside)],
  ['attach a policy to itself', iam('AttachRolePolicy', OWN_ROLE, { 'iam:PolicyARN': ADMINISTRATOR })],
  ['let others take its role', iam('UpdateAssumeRolePolicy', OWN_ROLE)],
  ['delete its own policy', iam('DeleteRolePolicy', OWN_ROLE)],
  ['pass itself to Lambda', iam('PassRole', OWN_ROLE, { 'iam:PassedToService': 'lambda.amazonaws.com' })],
  ['update its own stack', stackRequest('UpdateStack', OWN_STACK)],
  ['update its own stack by a change set', stackRequest('CreateChangeSet', OWN_STACK)],
  ['delete its own stack', stackRequest('DeleteStack', OWN_STACK)],
  [
    "update the boundary's stack",
    stackRequest('UpdateStack', `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/boundary-of-shout-box/1a2b`),
  ],
  ['write a version of the boundary', iam('CreatePolicyVersion', BOUNDARY)],
  ['choose a version of the boundary', iam('SetDefaultPolicyVersion', BOUNDARY)],
  ['delete the boundary', iam('DeletePolicy', BOUNDARY)],
  ['make a policy', iam('CreatePolicy', `arn:aws:iam::${ACCOUNT}:policy/shout-box/x`)],
  ['make a role without a boundary', iam('CreateRole', STACK_ROLE)],
  ['make a role with another boundary', iam('CreateRole', STACK_ROLE, { 'iam:PermissionsBoundary': ADMINISTRATOR })],
  ['make a role elsewhere', iam('CreateRole', `arn:aws:iam::${ACCOUNT}:role/shout-box-prod-x`, inside)],
  ["remove a role's boundary", iam('DeleteRolePermissionsBoundary', STACK_ROLE, inside)],
  [
    'exchange the boundary of a role',
    iam('PutRolePermissionsBoundary', STACK_ROLE, { 'iam:PermissionsBoundary': ADMINISTRATOR }),
  ],
  ['write a policy for a role without a boundary', iam('PutRolePolicy', STACK_ROLE)],
  ['write a policy for any role', iam('PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/Admin`, inside)],
  ['attach a managed policy', iam('AttachRolePolicy', STACK_ROLE, { ...inside, 'iam:PolicyARN': ADMINISTRATOR })],
  ['attach the log policy without a boundary', iam('AttachRolePolicy', STACK_ROLE, { 'iam:PolicyARN': LOG_POLICY })],
  ['take over any role', iam('UpdateAssumeRolePolicy', `arn:aws:iam::${ACCOUNT}:role/Admin`)],
  [
    'take over a role that is only called so',
    iam('UpdateAssumeRolePolicy', `arn:aws:iam::${ACCOUNT}:role/shout-box-admin`),
  ],
  ...['ec2', 'cloudformation', 'ecs-tasks', 'codebuild', 'states', 'glue'].map((service): [string, Request] => [
    `pass a role to ${service}`,
    iam('PassRole', STACK_ROLE, { 'iam:PassedToService': `${service}.amazonaws.com` }),
  ]),
  [
    'pass any role to Lambda',
    iam('PassRole', `arn:aws:iam::${ACCOUNT}:role/Admin`, { 'iam:PassedToService': 'lambda.amazonaws.com' }),
  ],
  ['take another role', { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/Admin` }],
  ['make a user', iam('CreateUser', `arn:aws:iam::${ACCOUNT}:user/shout-box/x`)],
  ['make a key', iam('CreateAccessKey', `arn:aws:iam::${ACCOUNT}:user/x`)],
  [
    'change who may sign in',
    iam(
      'UpdateOpenIDConnectProviderThumbprint',
      `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
    ),
  ],
  [
    "change another project's function",
    { action: 'lambda:UpdateFunctionCode', resource: `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:payments` },
  ],
  [
    "set a password in another project's user pool",
    {
      action: 'cognito-idp:AdminSetUserPassword',
      resource: `arn:aws:cognito-idp:eu-central-1:${ACCOUNT}:userpool/eu-central-1_Payments`,
      context: { 'aws:ResourceTag/project': 'payments' },
    },
  ],
  [
    "read another project's stream",
    {
      action: 'lambda:CreateEventSourceMapping',
      resource: '*',
      context: { 'lambda:FunctionArn': `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:payments` },
    },
  ],
  [
    "read another project's table",
    { action: 'dynamodb:Scan', resource: `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/payments` },
  ],
  [
    'change another zone',
    {
      action: 'route53:ChangeResourceRecordSets',
      resource: 'arn:aws:route53:::hostedzone/Z2',
      context: { 'route53:ChangeResourceRecordSetsRecordTypes': ['A'] },
    },
  ],
  [
    'take the mail of the named zone',
    {
      action: 'route53:ChangeResourceRecordSets',
      resource: 'arn:aws:route53:::hostedzone/Z1',
      context: { 'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'MX'] },
    },
  ],
];

describe('the deployment role may not', () => {
  test.each(escalations)('%s', (_, request) => expect(allows(deployerStatements(role), request)).toBe(false));

  test('do any of that itself or to its boundary, even where somebody gives it everything', () => {
    const administrator = [...deployerStatements(role), { Effect: 'Allow', Action: '*', Resource: '*' }];
    const ownAffairs = escalations.filter(
      ([, { resource, action }]) =>
        [OWN_ROLE, OWN_STACK, BOUNDARY].includes(resource) ||
        /DeleteRolePermissionsBoundary|boundary-of/.test(action + resource),
    );
    expect(ownAffairs.length).toBeGreaterThan(10);
    for (const [what, request] of ownAffairs) expect(allows(administrator, request), what).toBe(false);
  });
});

describe('a role of the stack', () => {
  const limit = () => resolved(boundary.Resources.Boundary!.Properties.PolicyDocument.Statement, NAMES) as Json[];

  test.each<[string, Request]>([
    ['change roles', iam('CreateRole', STACK_ROLE, inside)],
    ['take another role', { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/Admin` }],
    [
      'read another table',
      { action: 'dynamodb:GetItem', resource: `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/payments` },
    ],
    [
      'delete its table',
      {
        action: 'dynamodb:DeleteTable',
        resource: `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/shout-box-prod-events`,
      },
    ],
    ['read a bucket', { action: 's3:GetObject', resource: 'arn:aws:s3:::payments/x' }],
    ['read a secret', { action: 'secretsmanager:GetSecretValue', resource: '*' }],
  ])('can never %s, whatever its policies say', (_, request) => expect(allows(limit(), request)).toBe(false));
});

describe('the proof would notice', () => {
  const statement = (template: Template, sid: string) =>
    template.Resources.Deployer!.Properties.Policies[0].PolicyDocument.Statement.find(({ Sid }: Json) => Sid === sid);

  test.each<[what: string, spoil: (template: Template) => void]>([
    ['no boundary asked for', (t) => delete statement(t, 'PermissionsOfRolesInsideTheBoundary').Condition],
    ['people of every user pool', (t) => delete statement(t, 'PersonOfTheSmokeTest').Condition],
    ['any policy attached', (t) => delete statement(t, 'TheRoleThatApiGatewayLogsWith').Condition.ArnEquals],
    ['a role passed to anything', (t) => delete statement(t, 'RolesForLambdaAndApiGateway').Condition],
    [
      'roles by name',
      (t) => Object.assign(statement(t, 'RestOfRoles'), { Resource: `arn:aws:iam::${ACCOUNT}:role/*` }),
    ],
    [
      'every stack',
      (t) => {
        const { Statement } = t.Resources.Deployer!.Properties.Policies[0].PolicyDocument;
        Statement.splice(Statement.indexOf(statement(t, 'NeverItsOwnStackNorTheBoundary')), 1);
      },
    ],
  ])('%s', (_, spoil) => {
    const copy = structuredClone(role);
    spoil(copy);
    expect(escalations.some(([, request]) => allows(deployerStatements(copy), request))).toBe(true);
  });

  test('any one action of IAM that is missing', () => {
    for (const sid of ['PermissionsOfRolesInsideTheBoundary', 'RestOfRoles']) {
      for (const action of statement(role, sid).Action) {
        const copy = structuredClone(role);
        const { Action } = statement(copy, sid);
        Action.splice(Action.indexOf(action), 1);
        expect(refused(deployerStatements(copy), handlerPermissions['AWS::IAM::Role']!).join(), action).toContain(
          action,
        );
      }
    }
  });
});
