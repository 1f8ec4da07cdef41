const lambda = (id) => (MetricName) => ({
  Namespace: 'AWS/Lambda',
  MetricName,
  Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }],
});
const fanOut = lambda('FanOutLambdaFunction');
const deliver = lambda('DeliverLambdaFunction');
const table = (id, MetricName, index) => ({
  Namespace: 'AWS/DynamoDB',
  MetricName,
  Dimensions: [
    { Name: 'TableName', Value: { Ref: id } },
    ...(index ? [{ Name: 'GlobalSecondaryIndexName', Value: index }] : []),
  ],
});
const api = (MetricName, Dimensions) => ({ Namespace: 'AWS/ApiGateway', MetricName, Dimensions });
const ofQueue = (queue, MetricName) => ({
  Namespace: 'AWS/SQS',
  MetricName,
  Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
});
const counted = (MetricName) => ({ Namespace: '${self:custom.name}', MetricName });

/**
 * Makes a metric from an expression over the sums of other metrics. The expression calls them `m0`, `m1` and so on. A
 * metric that counted nothing in a period has no value; `FILL(m0, 0)` reads it as 0. CloudWatch bills an alarm on an
 * expression as one alarm for each of its metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
const calculated = (Label, Expression, metrics, Period = 60) => ({
  Metrics: [
    { Id: 'result', Label, Expression },
    ...metrics.map((Metric, index) => ({
      Id: `m${index}`,
      ReturnData: false,
      MetricStat: { Metric, Period, Stat: 'Sum' },
    })),
  ],
});
const sumOf = (Label, ...metrics) =>
  calculated(Label, metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + '), metrics);

/**
 * The alarm needs two bad minutes of three. A single failure must wake nobody: it is retried, or clients fetch what
 * they missed.
 */
const TWO_OF_THREE = { EvaluationPeriods: 3, DatapointsToAlarm: 2 };
const THREE_OF_FIVE = { EvaluationPeriods: 5, DatapointsToAlarm: 3 };
const FIVE_MINUTES = { Period: 300 };

/**
 * The alarms. docs/operations.md says, under each alarm's name, what it means and what to do. Unless the metric or
 * `how` says otherwise, an alarm compares the sum of the metric in one minute with the threshold.
 * @type {[name: string, description: string, metric: object, threshold: number, how?: object][]}
 */
const alarms = [
  [
    'iterator-age',
    'The fan-out is a minute behind the log.',
    fanOut('IteratorAge'),
    60_000,
    { Statistic: 'Maximum', EvaluationPeriods: 3 },
  ],
  [
    'failed-batches',
    'A batch of events was given up on. They are in the log, but without a number.',
    ofQueue('FailedBatches', 'ApproximateNumberOfMessagesVisible'),
    0,
    { Statistic: 'Maximum' },
  ],
  [
    'parked-events',
    'Events of a room have waited for five minutes to be numbered or delivered.',
    sumOf(
      'waiting',
      ofQueue('ParkedEvents', 'ApproximateNumberOfMessagesVisible'),
      ofQueue('ParkedEvents', 'ApproximateNumberOfMessagesDelayed'),
      ofQueue('ParkedEvents', 'ApproximateNumberOfMessagesNotVisible'),
    ),
    0,
    // Five minutes of six and not of five, because FILL counts the newest minute as 0 while its metrics are late.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    { EvaluationPeriods: 6, DatapointsToAlarm: 5 },
  ],
  [
    'redrive-errors',
    'The redrive of parked events crashed, ran out of time, or could not park them again.',
    lambda('RedriveLambdaFunction')('Errors'),
    0,
    TWO_OF_THREE,
  ],
  ['fan-out-errors', 'The fan-out crashed or ran out of time.', fanOut('Errors'), 0, TWO_OF_THREE],
  [
    'lambda-throttles',
    "Lambda refused to run the fan-out. The account's concurrency is used up.",
    fanOut('Throttles'),
    0,
    TWO_OF_THREE,
  ],
  [
    'deliver-errors',
    'A worker of a large room crashed, ran out of time or was refused.',
    sumOf('Errors and throttles', deliver('Errors'), deliver('Throttles')),
    0,
    TWO_OF_THREE,
  ],
  [
    // Watches only the tables and indexes that reach their limit first.
    'throttled-tables',
    'DynamoDB refuses reads or writes of the tables.',
    sumOf(
      'Throttled reads and writes',
      // Appending and numbering write it.
      table('EventsTable', 'WriteThrottleEvents'),
      // Each page of history reads it.
      table('EventsTable', 'ReadThrottleEvents', 'bySeq'),
      // Each frame writes it, to take a token of its connection's rate limit.
      table('StateTable', 'WriteThrottleEvents'),
      // Everybody who connects to the same room writes the same partition of it.
      table('StateTable', 'WriteThrottleEvents', 'byRoom'),
    ),
    100,
    TWO_OF_THREE,
  ],
  [
    'websocket-errors',
    'Functions behind the WebSocket crash, time out or are refused.',
    api('IntegrationError', [
      { Name: 'ApiId', Value: { Ref: 'WebsocketsApi' } },
      { Name: 'Stage', Value: '${sls:stage}' },
    ]),
    5,
    FIVE_MINUTES,
  ],
  [
    'http-errors',
    'The HTTP API answers 5xx.',
    api('5xx', [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }]),
    5,
    FIVE_MINUTES,
  ],
  [
    'unexpected-errors',
    'A function answered "Something went wrong on our side".',
    counted('Unexpected'),
    5,
    FIVE_MINUTES,
  ],
  ['skipped-records', 'The log holds a record that is not an event.', counted('Skipped'), 0, FIVE_MINUTES],
  [
    // The metric is a share and not a count, because a few readers who are out of reach are no outage.
    'failed-posts',
    'Most connections do not get what is posted to them; readers see messages late.',
    calculated('Share that failed', 'FILL(m0, 0) / (FILL(m0, 0) + FILL(m1, 0))', [
      counted('Failed'),
      counted('Delivered'),
    ]),
    0.5,
    THREE_OF_FIVE,
  ],
  [
    // The metric is a share and not a count, because a busy box always has a few messages that are appended in one
    // period and numbered in the next. In a quiet box one such message can be a large share, but only in one period.
    // The alarm needs three periods in a row.
    'not-numbered',
    'Messages are acknowledged that get no number, so nobody sees them.',
    calculated(
      'Share without a number',
      '(FILL(m0, 0) - FILL(m1, 0)) / m0',
      [counted('Appended'), counted('Sequenced')],
      300,
    ),
    0.2,
    { EvaluationPeriods: 3 },
  ],
  [
    'throttled-posts',
    'API Gateway refuses posts to connections; readers fetch what they miss instead.',
    counted('Throttled'),
    1_000,
    THREE_OF_FIVE,
  ],
  [
    'slow-delivery',
    'One message in a hundred takes over 3 s from append to the last reader.',
    counted('DeliveryLatency'),
    3_000,
    // In a minute with few messages, p99 is the slowest of them. A single message that meets a cold start makes one
    // minute bad, and the alarm needs three.
    { Statistic: undefined, ExtendedStatistic: 'p99', ...THREE_OF_FIVE },
  ],
];

export const resources = {
  Resources: Object.fromEntries(alarms.map(([name, ...rest]) => [logicalId(name), alarm(name, ...rest)])),
};

function alarm(name, AlarmDescription, metric, Threshold, how = {}) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `\${self:custom.name}-${name}`,
      AlarmDescription,
      ...metric,
      // The metrics of an expression have their own statistic and period.
      ...(metric.Metrics ? {} : { Statistic: 'Sum', Period: 60 }),
      Threshold,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      ...how,
      AlarmActions: [{ Ref: 'Alarms' }],
      OKActions: [{ Ref: 'Alarms' }],
    },
  };
}

/**
 * Returns the logical id of an alarm: `iterator-age` → `IteratorAgeAlarm`. The id of a deployed alarm must not change.
 * CloudFormation would create the alarm with the new id first, and fail, because an alarm with this name exists.
 */
function logicalId(name) {
  const words = name.split('-').map((word) => word[0].toUpperCase() + word.slice(1));
  return `${words.join('').replace('Websocket', 'WebSocket')}Alarm`;
}
