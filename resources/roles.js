import { eventActions } from './commands.js';
import { grants as signInGrants } from './sign-in.js';

/**
 * Who may do what: one role per function, and nothing in it that the function does not do.
 * test/aws/permissions.test.ts runs every function and holds this table against the calls it really makes.
 */
const EVENTS = { 'Fn::GetAtt': ['EventsTable', 'Arn'] };
const EVENTS_BY_SEQ = { 'Fn::Sub': '${EventsTable.Arn}/index/bySeq' };
const STATE = { 'Fn::GetAtt': ['StateTable', 'Arn'] };
const STATE_BY_ROOM = { 'Fn::Sub': '${StateTable.Arn}/index/byRoom' };

const PARKED = { 'Fn::GetAtt': ['ParkedEvents', 'Arn'] };
const DELIVER = { 'Fn::GetAtt': ['DeliverLambdaFunction', 'Arn'] };

const allow = (Resource, ...Action) => ({ Effect: 'Allow', Action, Resource });

/** What every function of a frame may do: close the connection of whoever floods it. */
const CLOSE = allow(connections('DELETE'), 'execute-api:ManageConnections');
const TELL = allow(connections('POST'), 'execute-api:ManageConnections');

const xrayWildcard = { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray knows no resource-level permissions.' };

/** @type {Record<string, object[]>} */
const grants = {
  Connect: [
    allow(STATE, 'dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    // The bans of a room that is not for everyone.
    allow(EVENTS, 'dynamodb:BatchGetItem'),
    TELL,
    CLOSE,
  ],
  Disconnect: [allow(STATE, 'dynamodb:DeleteItem', 'dynamodb:UpdateItem')],
  ...commandGrants(),
  ...signInGrants,
  // Who reads a room whose head row was lost makes it anew (src/infra/dynamodb/event-log.ts).
  Ping: [
    allow(STATE, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    allow(EVENTS, 'dynamodb:GetItem'),
    // The first ping that finds an old count of the room counts (src/domain/presence/count-people.ts).
    allow(STATE_BY_ROOM, 'dynamodb:Query'),
    allow(EVENTS_BY_SEQ, 'dynamodb:Query'),
    CLOSE,
  ],
  Authenticate: [
    allow(STATE, 'dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'),
    allow(EVENTS, 'dynamodb:BatchGetItem'),
    TELL,
    CLOSE,
  ],
  ReportMessage: [allow(STATE, 'dynamodb:PutItem', 'dynamodb:UpdateItem'), allow(EVENTS, 'dynamodb:GetItem'), CLOSE],
  Default: [allow(STATE, 'dynamodb:UpdateItem'), CLOSE],
  ChatHistory: [
    allow(STATE, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    allow(EVENTS, 'dynamodb:BatchGetItem', 'dynamodb:GetItem'),
    allow(EVENTS_BY_SEQ, 'dynamodb:Query'),
  ],
  Events: [
    allow(STATE, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    allow(EVENTS, 'dynamodb:BatchGetItem', 'dynamodb:GetItem'),
    allow(EVENTS_BY_SEQ, 'dynamodb:Query'),
  ],
  Reports: [
    allow(
      STATE,
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ),
    allow(EVENTS, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'),
    allow(EVENTS_BY_SEQ, 'dynamodb:Query'),
  ],
  Config: [],
  FanOut: [
    ...numbersAndDelivers(),
    allow(DELIVER, 'lambda:InvokeFunction'),
    // What Lambda's poller does in the function's name:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
    allow(
      { 'Fn::GetAtt': ['EventsTable', 'StreamArn'] },
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ),
    allow({ 'Fn::GetAtt': ['FailedBatches', 'Arn'] }, 'sqs:SendMessage'),
    allow(PARKED, 'sqs:SendMessage'),
  ],
  Redrive: [
    ...numbersAndDelivers(),
    // SendMessage, to park again; the others are Lambda's poller's:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    allow(PARKED, 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'),
  ],
  Deliver: [allow(STATE, 'dynamodb:BatchWriteItem'), TELL, CLOSE],
};

/** Numbering, with the rules of the room, and delivery. */
function numbersAndDelivers() {
  return [
    allow(
      STATE,
      // The connections of who is banned.
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ),
    allow(STATE_BY_ROOM, 'dynamodb:Query'),
    // Query, for the last number of a room that is so young that the index shows none (src/infra/dynamodb/room-heads.ts).
    allow(EVENTS, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'),
    allow(EVENTS_BY_SEQ, 'dynamodb:Query'),
    TELL,
    CLOSE,
  ];
}

/** Every command finds its connection, takes tokens from buckets and appends. */
function commandGrants() {
  // BatchGetItem, for the room's rules and blocked words.
  const grantsOf = (actions) => [
    allow(STATE, ...actions.filter((action) => action.endsWith(':BatchGetItem')), 'dynamodb:UpdateItem'),
    allow(EVENTS, ...actions),
    CLOSE,
  ];
  return Object.fromEntries(Object.entries(eventActions).map(([name, actions]) => [name, grantsOf(actions)]));
}

/** This API and this stage only. The stage is spelled out: a reference to it would be a circle through the functions. */
function connections(method) {
  const api = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebsocketsApi}';
  return { 'Fn::Sub': `${api}/\${sls:stage}/${method}/@connections/*` };
}

export const resources = {
  Resources: Object.fromEntries(
    Object.entries(grants).map(([name, statements]) => [`${name}Role`, role(name, statements)]),
  ),
};

function role(name, statements) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      // The deployment role may change roles under this path only, and only inside this boundary (deploy/boundary.yml).
      Path: '/shout-box/',
      PermissionsBoundary: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/boundary-of-shout-box' },
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'function',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              // The log group is the stack's, with its retention: no function may make one without.
              allow({ 'Fn::GetAtt': [`${name}LogGroup`, 'Arn'] }, 'logs:CreateLogStream', 'logs:PutLogEvents'),
              allow('*', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'),
              ...statements,
            ],
          },
        },
      ],
    },
    Metadata: { cdk_nag: { rules_to_suppress: statements.reduce(justify, [xrayWildcard]) } },
  };
}

/** cdk-nag wants a reason for each `*`, and writes a reference `<Like.This>`. */
function justify(reasons, { Resource }) {
  const arn = Resource['Fn::Sub']?.replaceAll(/\$\{([\w:]+)\}/g, (whole, name) =>
    name === 'sls:stage' ? whole : `<${name}>`,
  );
  if (!arn?.endsWith('/*')) return reasons;
  return [
    ...reasons,
    { id: `AwsSolutions-IAM5[Resource::${arn}]`, reason: 'Connections come and go; every one of this stage.' },
  ];
}
