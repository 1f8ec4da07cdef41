import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../deploy/check/stack.ts';
import { freePort } from '../../local/ports.ts';
import type { ServerFrame } from '../../src/domain/schema.generated.ts';
import { readTemplate } from '../aws/cloudformation-yaml.ts';
import { startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';
import { exception, json, on, operationOf, withJson } from '../faults/proxies/dynamodb.ts';
import { HttpProxy, type Intervention } from '../faults/proxies/http-proxy.ts';
import { TestSocket } from '../socket.ts';
import { type Stack, startStack } from '../stack.ts';

/**
 * docs/operations.md has a section for each alarm. Most tests here inject the fault of one section, wait until the
 * alarm's metric is above the threshold, end the fault, and check that the stack works again. If the metric exists only
 * on AWS, the test counts something else, for example the calls that failed.
 */
let engine: TestDynamoDB;
let dynamodb: HttpProxy;
let posts: HttpProxy;
let workers: HttpProxy;
let queue: string;
let stack: Stack & AsyncDisposable;
let log: DynamoDBDocumentClient;

beforeAll(async () => {
  engine = await startDynamoDB();
  dynamodb = await HttpProxy.start(() => engine.endpoint);
  posts = await HttpProxy.start(() => stack.ws.replace(/^ws/, 'http'));
  const lambda = await freePort();
  workers = await HttpProxy.start(() => `http://127.0.0.1:${lambda}`);
  queue = `http://127.0.0.1:${await freePort()}/parked-events`;
  stack = await startStack({
    env: {
      ...{ DYNAMODB_ENDPOINT: dynamodb.url, CONNECTIONS_ENDPOINT: posts.url, RATE_BURST: '1000' },
      ...{ LAMBDA_ENDPOINT: workers.url, SHOUT_LAMBDA_PORT: `${lambda}`, LARGE_ROOM: '1', PARKING_QUEUE: queue },
    },
  });
  log = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: engine.endpoint }));
}, 300_000);
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await Promise.all([dynamodb?.stop(), posts?.stop(), workers?.stop(), engine?.stop()]);
});

let end = () => {};
afterEach(() => end());
/**
 * Handles the calls of these operations with `strike`, or all calls if no operation is given. @returns a function that
 * returns the number of calls handled so far
 */
function inject(proxy: HttpProxy, operations: readonly string[], strike: Intervention): () => number {
  let strikes = 0;
  const counted: Intervention = (call, forward) => {
    strikes += 1;
    return strike(call, forward);
  };
  end = proxy.intervene(operations.length > 0 ? on(operations, counted) : counted);
  return () => strikes;
}

const { resources } = (await import(new URL('../../resources/alarms.js', import.meta.url).href)) as Json;

/** The alarms that one machine cannot raise, each with the reason. */
const ONLY_ON_AWS: Record<string, string> = {
  'lambda-throttles': 'an account has a limit of concurrency',
  'fan-out-errors': 'functions have no time limit and no memory limit',
  'websocket-errors': 'functions have no time limit, and API Gateway counts what ends by it',
  'distribution-errors': 'there is no distribution on one machine',
};

const edge = await readTemplate('deploy/edge-alarms.yml');
const alarms: Record<string, Json> = Object.fromEntries(
  [...Object.values<Json>(resources.Resources), ...Object.values<Json>(edge.Resources)]
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => [
      (Properties.AlarmName['Fn::Sub'] ?? Properties.AlarmName).replace(/^\$\{.+\}-/, ''),
      Properties,
    ]),
);
const followed = new Set<string>();

/** Waits until `look` returns a value above the alarm's threshold, and notes that a test follows this alarm. */
async function rises(alarm: string, look: () => Promise<number> | number): Promise<void> {
  followed.add(alarm);
  const { Threshold } = alarms[alarm];
  await expect.poll(look, { timeout: 60_000, interval: 200 }).toBeGreaterThan(Threshold);
}

/** Returns the values that the functions have logged for a metric since `since`, ms since 1970. */
async function written(metric: string, since: number): Promise<number[]> {
  const text = await readFile(join(stack.dataDir, 'local.log'), 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, body] = /^\S+ [^:]+: (\{"_aws".*\})$/.exec(line) ?? [];
    if (!body) return [];
    const { _aws, ...values } = JSON.parse(body);
    return _aws.Timestamp >= since ? [values[metric] ?? []].flat() : [];
  });
}
const sum = async (metric: string, since: number) => (await written(metric, since)).reduce((a, b) => a + b, 0);
const highest = async (metric: string, since: number) => Math.max(0, ...(await written(metric, since)));

/** Connects alice to a room. Each test has a room of its own, so that its fault does not affect the next test. */
async function entered(room: string): Promise<TestSocket> {
  const alice = await TestSocket.open(`${stack.ws}?room=${room}`, { token: await stack.token('alice') });
  // One test waits for forty answers at once, with a listener for each. Node warns of more than ten listeners.
  alice.socket.setMaxListeners(100);
  return alice;
}
const post = (socket: TestSocket, text: string) => {
  const clientMessageId = crypto.randomUUID();
  socket.send({ action: 'sendMessage', text, clientMessageId });
  return socket.receive(
    (frame): frame is Extract<ServerFrame, { type: 'ack' | 'error' }> =>
      (frame.type === 'ack' || frame.type === 'error') && frame.clientMessageId === clientMessageId,
  );
};
const brings =
  (text: string) =>
  (frame: ServerFrame): frame is Extract<ServerFrame, { type: 'events' }> =>
    frame.type === 'events' && frame.events.some((event) => event.type === 'MessagePosted' && event.data.text === text);
async function worksAgain(socket: TestSocket, ...others: TestSocket[]): Promise<void> {
  end();
  const since = Date.now();
  const text = crypto.randomUUID();
  expect(await post(socket, text)).toMatchObject({ type: 'ack' });
  for (const reader of [socket, ...others]) await reader.receive(brings(text));
  // The fan-out logs its metrics when it is done. Waits for them, so that the next test does not count them.
  await expect.poll(() => sum('Sequenced', since), { timeout: 60_000 }).toBeGreaterThan(0);
}

describe('the page of', () => {
  it('unexpected-errors: a role that was edited by hand', async () => {
    const since = Date.now();
    const alice = await entered('unexpected');
    inject(dynamodb, ['PutItem', 'TransactWriteItems'], async () => exception('AccessDeniedException'));
    for (let n = 0; n < 6; n++) expect(await post(alice, `${n}`)).toMatchObject({ type: 'error' });
    await rises('unexpected-errors', () => sum('Unexpected', since));
    await worksAgain(alice);
  });

  it('http-errors: functions that fail', async () => {
    inject(dynamodb, ['Query'], async () => exception('AccessDeniedException'));
    const read = () => fetch(`${stack.http}/chat-history?room=http`).then(({ status }) => status);
    const statuses = await Promise.all(Array.from({ length: 6 }, read));
    expect(statuses.filter((status) => status < 500)).toEqual([]);
    await rises('http-errors', () => statuses.filter((status) => status >= 500).length);
    end();
    expect(await read()).toBe(200);
  });

  it('throttled-tables: a peak', async () => {
    const alice = await entered('throttled');
    const throttled = inject(dynamodb, ['PutItem', 'UpdateItem'], async () =>
      exception('ProvisionedThroughputExceededException'),
    );
    const answers = Promise.all(Array.from({ length: 40 }, (_, n) => post(alice, `${n}`)));
    await rises('throttled-tables', throttled);
    for (const answer of await answers) expect(answer).toMatchObject({ type: 'error', code: 'unavailable' });
    await worksAgain(alice);
  });

  it('skipped-records: an item that somebody wrote by hand', async () => {
    const since = Date.now();
    const Key = { room: 'skipped', id: 'by-hand' };
    await log.send(new PutCommand({ TableName: 'shout-box-dev-events', Item: { ...Key, type: 4711 } }));
    const alice = await entered('skipped');
    await rises('skipped-records', () => sum('Skipped', since));
    await log.send(new DeleteCommand({ TableName: 'shout-box-dev-events', Key }));
    await worksAgain(alice);
  });

  it('failed-posts: @connections answers 5xx', async () => {
    const since = Date.now();
    const alice = await entered('failed');
    inject(posts, [], async () => ({ status: 500, headers: {}, body: Buffer.alloc(0) }));
    // The alarm watches the share of failed posts. The fan-out may still log successful posts of the previous test, and
    // three failed posts outnumber those.
    for (let n = 1; n <= 3; n++) {
      await post(alice, `lost ${n}`);
      await expect.poll(() => sum('Failed', since), { timeout: 60_000 }).toBeGreaterThanOrEqual(n);
    }
    await rises('failed-posts', async () => {
      const [failed, delivered] = [await sum('Failed', since), await sum('Delivered', since)];
      return failed / (failed + delivered || 1);
    });
    await worksAgain(alice);
  });

  it('throttled-posts: a busy account', async () => {
    const since = Date.now();
    const alice = await entered('busy');
    inject(posts, [], async () => ({ status: 429, headers: {}, body: Buffer.alloc(0) }));
    await post(alice, 'late');
    followed.add('throttled-posts');
    // Only a crowd reaches the threshold of 1,000 a minute. So this test only checks that a refused post is counted.
    await expect.poll(() => sum('Throttled', since), { timeout: 60_000 }).toBeGreaterThan(0);
    await worksAgain(alice);
  });

  it('slow-delivery: a stream that answers late', async () => {
    const since = Date.now();
    const alice = await entered('slow');
    inject(dynamodb, ['GetRecords'], async (call, forward) => {
      await new Promise((resolve) => setTimeout(resolve, 3_500));
      return forward(call);
    });
    await post(alice, 'slow');
    await rises('slow-delivery', () => highest('DeliveryLatency', since));
    await worksAgain(alice);
  });

  it('not-numbered and parked-events: a room that cannot be numbered, until redrive numbers it', async () => {
    const since = Date.now();
    const alice = await entered('parked');
    inject(dynamodb, ['TransactWriteItems'], async () => exception('InternalServerError', {}, 500));
    expect(await post(alice, 'parked')).toMatchObject({ type: 'ack' });
    await rises('not-numbered', async () => {
      const [appended, sequenced] = [await sum('Appended', since), await sum('Sequenced', since)];
      return (appended - sequenced) / (appended || 1);
    });
    await rises('parked-events', async () => {
      const queue = await readFile(join(stack.dataDir, 'redrive.queue.json'), 'utf8').catch(() => '[]');
      return JSON.parse(queue).length;
    });
    end();
    await alice.receive(brings('parked'));
  });

  it('iterator-age: a stream that is a minute behind', async () => {
    const since = Date.now();
    const alice = await entered('behind');
    inject(dynamodb, ['GetRecords'], aged(61));
    await post(alice, 'behind');
    await rises('iterator-age', () => highest('IteratorAge', since));
    await worksAgain(alice);
  });

  it('failed-batches: records that are too old to be tried again', async () => {
    const alice = await entered('given-up');
    inject(dynamodb, ['GetRecords'], aged(2 * 86_400));
    expect(await post(alice, 'given up')).toMatchObject({ type: 'ack' });
    await rises('failed-batches', async () => {
      const queue = await readFile(join(stack.dataDir, 'fanOut.given-up.jsonl'), 'utf8').catch(() => '');
      return queue.split('\n').filter(Boolean).length;
    });
    await worksAgain(alice);
  });

  it('deliver-errors: workers of a large room that crash', async () => {
    const [alice, bob] = [await entered('large'), await entered('large')];
    const crashed = inject(workers, [], async () => ({
      status: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
      body: Buffer.from('{"errorMessage":"Task timed out after 30.00 seconds"}'),
    }));
    expect(await post(alice, 'lost')).toMatchObject({ type: 'ack' });
    await rises('deliver-errors', crashed);
    await worksAgain(alice, bob);
  });

  // This test is the last, because an unreadable message stays in the queue until the queue is purged.
  it('redrive-errors: a message that somebody wrote by hand', async () => {
    const alice = await entered('by-hand');
    const sqs = new SQSClient({ endpoint: new URL(queue).origin });
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'no JSON' }));
    await rises('redrive-errors', async () => {
      const kept = JSON.parse(await readFile(join(stack.dataDir, 'redrive.queue.json'), 'utf8'));
      return kept.find(({ body }: Json) => body === 'no JSON').receives;
    });
    await worksAgain(alice);
  });
});

/** Adds `seconds` to the age of the records that a read of the stream returns. */
function aged(seconds: number): Intervention {
  return async (call, forward) => {
    const reply = await forward(call);
    if (operationOf(call) !== 'GetRecords') return reply;
    const page = json<{ Records?: Json[] }>(reply);
    for (const { dynamodb: record } of page.Records ?? []) record.ApproximateCreationDateTime -= seconds;
    return withJson(reply, page);
  };
}

it('every alarm was raised, or needs what only AWS has', () => {
  expect([...followed, ...Object.keys(ONLY_ON_AWS)].sort()).toEqual(Object.keys(alarms).sort());
});
