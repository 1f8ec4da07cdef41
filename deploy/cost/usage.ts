import type { Item } from './prices.ts';

export interface Box {
  /** People who have the box open in one room, on average over `hours`. */
  users: number;
  messagesPerHour: number;
  /** Hours in a month in which people use the box. */
  hours: number;
  /** Messages that reach a client in one frame, on average: 1 in a quiet room, up to 90 in a burst. */
  coalesced: number;
  /** Number of months whose messages are in the log. Every month is taken to have the same number of messages. */
  months: number;
  /** People who sign in per month with the stage's own user pool; 0 if the stage uses another issuer. */
  signIns: number;
}

/** A client pings at least every 4 minutes. */
const HEARTBEAT_S = 240;
/**
 * A client also pings about 24 s after an `events` frame, unless another one comes before. In a room of thousands it
 * pings sooner (`QUIET_SPREAD_MS` in web/client/connection.ts), which the calculation ignores.
 */
const QUIET_S = 24;
/** API Gateway ends a connection after 2 h, but people come and go more often. */
const CONNECTS_PER_HOUR = 1;
/** A client pings when its connection opens, and again after 5 s. */
const PINGS_PER_CONNECT = 2;
const EVENT_BYTES = 350;
/**
 * Size of the two log lines of an invocation: one by the function and one by API Gateway. A fan-out has only the first,
 * but the calculation uses this size for it, too.
 */
const LOG_BYTES = 600;
const WIDGET_GB = 30 * 1_024 * 1e-9;
const HISTORY_GB = 8 * 1_024 * 1e-9;

// Lambda bills seconds times GB of memory. `SMALL` is that product for an invocation other than the fan-out.
const SMALL = 0.015 * 0.5;
const FAN_OUT_GB = 1;
/**
 * The fan-out has 100 posts in flight, and each is answered after about 10 ms. docs/scale.md calculates with 20 ms, as
 * an upper bound.
 */
const FAN_OUT_SECONDS_PER_USER = 0.000_1;
const FAN_OUT_SECONDS = 0.03;
/** A connection's row in the index `byRoom` has about 150 bytes. One read unit reads 8 KB with eventual consistency. */
const CONNECTION_READS = 150 / 8_192;

/** DynamoDB bills 100 bytes for each item besides its attributes, also in an index. */
const ITEM_BYTES = EVENT_BYTES + 100;
/** Number of tables that each function uses, added up over all functions. */
export const FUNCTION_TABLE_PAIRS = 31;
/**
 * DynamoDB asks KMS for a table's key when a function uses the table after five minutes without use. That is at most 12
 * times an hour for each pair of a function and a table.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
 */
const KEY_USES_PER_HOUR = 12 * FUNCTION_TABLE_PAIRS;

/**
 * Lambda polls the queue of parked events even if nobody uses the box. It has five requests open at a time, and each
 * waits 20 s.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const POLLS_PER_HOUR = (5 * 3_600) / 20;
const HOURS_PER_MONTH = 730;

/** X-Ray's default sampling rule is one trace a second and 5 % of the other requests. */
const RESERVOIR_PER_HOUR = 3_600;
const SAMPLED = 0.05;

/** Metrics of an ordinary day. A metric that counts failures is billed only for the hours in which failures happen. */
export const ORDINARY_METRICS = [
  ...['Appended', 'Sequenced', 'Delivered', 'Gone', 'Expired', 'Refused', 'DeliveryLatency', 'Connections'],
];
/** Number of metrics that the alarms watch. CloudWatch bills for each of these, not for each alarm. */
const ALARMS = 26;

/** Returns how often one client pings in an hour if frames come at random times. */
export function pingsPerHour(framesPerHour: number): number {
  const arrives = 1 - Math.exp(-framesPerHour / 3_600);
  // Takes clients that have just pinged, and follows them second by second until all have pinged again. `unheard` is
  // the share of the clients that have received no frame since that ping.
  let unheard = 1;
  /** Element n is the share of the clients whose last frame came n seconds ago. After the last element they ping. */
  let heard: readonly number[] = Array(QUIET_S).fill(0);
  let seconds = 0;
  for (let second = 0; second < HEARTBEAT_S; second++) {
    const waiting = heard.reduce((sum, share) => sum + share, unheard);
    seconds += waiting;
    unheard *= 1 - arrives;
    heard = [waiting * arrives, ...heard.slice(0, -1).map((share) => share * (1 - arrives))];
  }
  return 3_600 / seconds;
}

/** Returns what a box uses in a month, by item of the price list. */
export function usage({ users, messagesPerHour, hours, coalesced, months, signIns }: Box): Record<Item, number> {
  const messages = messagesPerHour * hours;
  const batches = messages / coalesced;
  const connects = users * CONNECTS_PER_HOUR * hours;
  const pings = users * pingsPerHour(messagesPerHour / coalesced) * hours + PINGS_PER_CONNECT * connects;
  const pushes = batches * users;
  // Each connection has two HTTP requests, /config and the first page of messages. It also invokes $connect and
  // $disconnect.
  const httpRequests = 2 * connects;
  const invocations = 2 * connects + pings + messages + batches + httpRequests;
  const logGigabytes = messages * months * ITEM_BYTES * 1e-9;
  const fanOutSeconds = batches * (FAN_OUT_SECONDS + users * FAN_OUT_SECONDS_PER_USER);
  return {
    // A message and its ack, a ping and its pong, and every push.
    webSocketMessages: 2 * messages + 2 * pings + pushes,
    connectionMinutes: users * 60 * hours,
    httpRequests,
    invocations,
    gigabyteSeconds: (invocations - batches) * SMALL + fanOutSeconds * FAN_OUT_GB,
    // A message: 1 for its append, 2 for its number in a transaction, 1 for its index entry, and 3 for the rate-limit
    // buckets of the connection, the person and the room. A batch: 2 for the room's head in a transaction. A
    // connection: 6, because its row, its index entry and the person's set of connections are each written when the
    // connection opens and when it closes. A ping: 1 for the connection's bucket.
    writes: messages * 7 + batches * 2 + connects * 6 + pings,
    // A message: 1 for the room's rules. A batch: 1 for the room's head, and CONNECTION_READS for each connection. A
    // ping: 1 for the head and 1 for the count of people. A connection: about 4 for its first page of messages, which
    // reads the head and the index of events by number.
    reads: messages + batches * (1 + users * CONNECTION_READS) + pings * 2 + connects * 4,
    // The Events table and its index. The backups hold only the table.
    logStorage: logGigabytes * 2,
    backups: logGigabytes,
    queueRequests: POLLS_PER_HOUR * HOURS_PER_MONTH,
    kmsRequests: Math.min(invocations, KEY_USES_PER_HOUR * hours),
    signIns,
    cloudFrontRequests: connects * 4,
    cloudFrontGigabytes: messages * users * EVENT_BYTES * 1e-9 + connects * (WIDGET_GB + HISTORY_GB),
    logGigabytes: invocations * LOG_BYTES * 1e-9,
    metrics: ORDINARY_METRICS.length,
    alarms: ALARMS,
    traces: Math.min(invocations, RESERVOIR_PER_HOUR * hours + invocations * SAMPLED),
  };
}
