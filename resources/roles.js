import { eventActions } from './commands.js';
import { grants as signInGrants } from './sign-in.js';

const EVENTS = { 'Fn::GetAtt': ['EventsTable', 'Arn'] };
const EVENTS_BY_SEQ = { 'Fn::Sub': '${EventsTable.Arn}/index/bySeq' };
const STATE = { 'Fn::GetAtt': ['StateTable', 'Arn'] };
const STATE_BY_ROOM = { 'Fn::Sub': '${StateTable.Arn}/index/byRoom' };

const PARKED = { 'Fn::GetAtt': ['ParkedEvents', 'Arn'] };
const DELIVER = { 'Fn::GetAtt': ['DeliverLambdaFunction', 'Arn'] };

const allow = (Resource, ...Action) => ({ Effect: 'Allow', Action, Resource });

/** Closes connections. Every function that handles frames may do this, to end a connection that keeps flooding. */
const CLOSE = allow(connections('DELETE'), 'execute-api:ManageConnections');
/** Posts frames to connections. */
const TELL = allow(connections('POST'), 'execute-api:ManageConnections');

const xrayWildcard = { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray knows no resource-level permissions.' };

/**
 * What each function may do. A key is the name of the function's role without `Role`, such as `Connect`. A function has
 * no permission that it does not use: test/aws/permissions.test.ts runs the functions and compares these grants with
 * the requests that they send.
 * @type {Record<string, object[]>}
 */
const grants = {
  Connect: [
    allow(STATE, 'dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    // Reads the bans of a room that is not for everyone.
    allow(EVENTS, 'dynamodb:BatchGetItem'),
    TELL,
    CLOSE,
  ],
  Disconnect: [allow(STATE, 'dynamodb:DeleteItem', 'dynamodb:UpdateItem')],
  ...commandGrants(),
  ...signInGrants,
  Ping: [
    // PutItem, here and in ChatHistory, Events and Reports: if the row of a room's head was lost, whoever reads the
    // room writes the row again (src/infra/dynamodb/room-heads.ts).
    allow(STATE, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    allow(EVENTS, 'dynamodb:GetItem'),
    // Lists the room's connections, to count its people if no count is stored or the stored one is too old
    // (src/domain/presence/count-people.ts).
    allow(STATE_BY_ROOM, 'dynamodb:Query'),
    // Finds the last number of a room without a head: the room is new, or its head was lost.
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
    // The actions of Lambda's poller, which has the function's role:
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
    // The function uses SendMessage, to park events again. Lambda's poller uses the other actions:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    allow(PARKED, 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'),
  ],
  Deliver: [allow(STATE, 'dynamodb:BatchWriteItem'), TELL, CLOSE],
};

/** Returns the permissions to number events by the rules of their room, and to deliver them. */
function numbersAndDelivers() {
  return [
    allow(
      STATE,
      // BatchGetItem reads the connections of people who are banned, and DeleteItem removes these connections.
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ),
    allow(STATE_BY_ROOM, 'dynamodb:Query'),
    // Query finds the messages that a ban hides. If the index `bySeq` shows no number of a room, for example of a new
    // room, Query also looks for the last number in the table (src/infra/dynamodb/room-heads.ts).
    allow(EVENTS, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'),
    allow(EVENTS_BY_SEQ, 'dynamodb:Query'),
    TELL,
    CLOSE,
  ];
}

/**
 * Returns the permissions of each command's function. On STATE, UpdateItem counts a frame toward the rate limits. The
 * update for the connection's own limit also returns the connection's row, so finding the sender needs no GetItem.
 */
function commandGrants() {
  // One BatchGetItem reads the room's rules from EVENTS and its blocked words from STATE.
  const grantsOf = (actions) => [
    allow(STATE, ...actions.filter((action) => action.endsWith(':BatchGetItem')), 'dynamodb:UpdateItem'),
    allow(EVENTS, ...actions),
    CLOSE,
  ];
  return Object.fromEntries(Object.entries(eventActions).map(([name, actions]) => [name, grantsOf(actions)]));
}

/**
 * Returns the ARN of all connections of this API's stage, for requests with this HTTP method. The ARN holds the stage's
 * name, because a reference to the stage's resource would be a circular dependency: the stage depends on the functions,
 * and the functions depend on their roles.
 */
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
      // The deployment role may change roles only under this path and with this boundary (deploy/boundary.yml).
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
              // The stack creates the log group, with a retention. A log group that a function creates has none.
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

/**
 * Adds a reason if the statement's ARN ends in `/*`, because cdk-nag wants a reason for each wildcard. The rule's id
 * contains the ARN, with a reference written as `<WebsocketsApi>` instead of `${WebsocketsApi}`.
 */
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
