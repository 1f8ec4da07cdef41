const box = (metric, stat, label) => ['${Namespace}', metric, { stat, label: label ?? metric }];
const fanOut = (metric, stat) => ['AWS/Lambda', metric, 'FunctionName', '${FanOutLambdaFunction}', { stat }];
const webSocket = (metric, stat) => [
  'AWS/ApiGateway',
  metric,
  'ApiId',
  '${WebsocketsApi}',
  'Stage',
  '${Stage}',
  { stat },
];
const http = (metric, stat) => ['AWS/ApiGateway', metric, 'ApiId', '${HttpApi}', { stat }];
const table = (name, metric, index) => [
  ...['AWS/DynamoDB', metric, 'TableName', `\${${name}}`],
  ...(index ? ['GlobalSecondaryIndexName', index] : []),
  { stat: 'Sum', label: [name, index, metric].filter(Boolean).join(' ') },
];

/**
 * The graphs of the dashboard, two in each row. Rows 1 to 3 show whether messages reach everybody. Rows 4 and 5 show
 * the load and the errors of the AWS services. Row 6 shows throttling by DynamoDB, and unexpected errors.
 */
const graphs = [
  ['Append to delivery, ms', [box('DeliveryLatency', 'p50', 'p50'), box('DeliveryLatency', 'p99', 'p99')]],
  ['Behind the log, ms', [fanOut('IteratorAge', 'Maximum')]],
  ['Events', [box('Appended', 'Sum'), box('Sequenced', 'Sum'), box('Parked', 'Sum'), box('Skipped', 'Sum')]],
  ['Posts', [box('Delivered', 'Sum'), box('Gone', 'Sum'), box('Failed', 'Sum'), box('Throttled', 'Sum')]],
  [
    'Why posts failed',
    [box('Silent', 'Sum'), box('Rejected', 'Sum'), box('Broken', 'Sum'), box('Late', 'Sum'), box('Throttled', 'Sum')],
  ],
  ['Connections', [box('Connections', 'Maximum', 'in the largest room served'), webSocket('ConnectCount', 'Sum')]],
  [
    'Fan-out',
    [
      fanOut('Duration', 'p99'),
      fanOut('Errors', 'Sum'),
      fanOut('Throttles', 'Sum'),
      fanOut('ConcurrentExecutions', 'Maximum'),
    ],
  ],
  [
    'WebSocket',
    [webSocket('MessageCount', 'Sum'), webSocket('IntegrationError', 'Sum'), webSocket('ClientError', 'Sum')],
  ],
  ['HTTP', [http('Count', 'Sum'), http('4xx', 'Sum'), http('5xx', 'Sum'), http('Latency', 'p99')]],
  [
    'DynamoDB',
    ['EventsTable', 'StateTable'].flatMap((name) => [
      table(name, 'ConsumedWriteCapacityUnits'),
      table(name, 'ConsumedReadCapacityUnits'),
    ]),
  ],
  [
    'Throttled by DynamoDB',
    [
      table('EventsTable', 'WriteThrottleEvents'),
      table('EventsTable', 'ReadThrottleEvents', 'bySeq'),
      table('StateTable', 'WriteThrottleEvents'),
      table('StateTable', 'WriteThrottleEvents', 'byRoom'),
    ],
  ],
  ['Answered "our side"', [box('Unexpected', 'Sum')]],
];

export const body = JSON.stringify({
  widgets: graphs.map(([title, metrics], index) => ({
    type: 'metric',
    width: 12,
    height: 6,
    x: (index % 2) * 12,
    y: Math.floor(index / 2) * 6,
    properties: { title, region: '${AWS::Region}', view: 'timeSeries', period: 60, metrics },
  })),
});
