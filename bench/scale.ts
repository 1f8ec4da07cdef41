import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Slice } from '../src/domain/ports/workers.ts';
import { lambdaContext } from '../test/lambda-context.ts';
import type { Contender, Contenders } from './harness/contender.ts';
import type { Report } from './harness/report.ts';
import type { Room } from './harness/room.ts';
import { connectionIds } from './harness/sink.ts';
import { type Stage, setStage } from './harness/stage.ts';
import type { Options } from './main.ts';

/** The account's quota for API Gateway, posts/s (docs/scale.md). */
const POSTS_PER_SECOND = 10_000;
/** Time in which API Gateway answers a post, ms (docs/scale.md). */
const ANSWER_MS = 20;
const WORKERS = 4;

const DELIVER = 'deliver';
const FAN_OUT = 'fanOut';

export const contenders: Contenders = {
  [FAN_OUT]: async () => {
    const { handler } = await import('../src/handlers/fanOut.ts');
    return ({ event }: { event: DynamoDBStreamEvent }) => handler(event, lambdaContext());
  },
  [DELIVER]: async () => {
    const { handler } = await import('../src/handlers/deliver.ts');
    return (slice: Slice) => handler(slice, lambdaContext());
  },
};

const ALONE = 'one function';
const PACED = 'workers that share the quota';
const UNPACED = 'workers that do not';

interface Outcome {
  seconds: number;
  throttled: number;
  missed: number;
}

/** Measures the fan-out to large rooms. A stand-in for API Gateway refuses posts above the account's quota. */
export async function run({ quick }: Options): Promise<Report> {
  const stage = await setStage({ tls: false });
  const lambda = await startLambda(stage);
  try {
    const workers = { DELIVER_FUNCTION: DELIVER, LAMBDA_ENDPOINT: lambda.url, LARGE_ROOM: '1' };
    const ways: Record<string, Contender> = {
      [ALONE]: await stage.contender(import.meta.filename, FAN_OUT),
      [PACED]: await stage.contender(import.meta.filename, FAN_OUT, { ...workers, POSTS_PER_SECOND: '9000' }),
      [UNPACED]: await stage.contender(import.meta.filename, FAN_OUT, { ...workers, POSTS_PER_SECOND: '1000000' }),
    };
    const sizes = quick ? [1_000, 10_000] : [1_000, 2_500, 5_000, 10_000, 25_000, 100_000];
    const rows: (string | number)[][] = [];
    const outcomes = new Map<string, Outcome>();
    for (const connections of sizes) {
      const ids = connectionIds(connections).map((id) => id.replace(/^(gone|busy)/, 'open'));
      const room = stage.room(`room-${connections}`);
      await room.connect(ids);
      for (const [name, contender] of Object.entries(ways)) {
        // The first of two runs only warms up the code. From 25,000 connections on, one run is enough, because the runs
        // with fewer connections have warmed up the code.
        if (connections < 25_000) await deliverOnce(stage, room, contender, connections);
        const outcome = await deliverOnce(stage, room, contender, connections);
        outcomes.set(`${name}/${connections}`, outcome);
        const { seconds, throttled, missed } = outcome;
        rows.push([name, connections, seconds, connections / seconds, (throttled * 1_000) / connections, missed]);
      }
    }
    const largest = sizes.at(-1)!;
    const of = (name: string) => outcomes.get(`${name}/${largest}`)!;
    return {
      title: `One message to ${largest.toLocaleString('en-US')} connections, ${ANSWER_MS} ms an answer, at most ${POSTS_PER_SECOND.toLocaleString('en-US')} posts/s`,
      unit: 's until all have it',
      ours: of(PACED).seconds,
      limit: largest / POSTS_PER_SECOND,
      rivals: { [ALONE]: of(ALONE).seconds, [UNPACED]: of(UNPACED).seconds },
      claims: [
        {
          what: 'time to what the quota dictates',
          value: of(PACED).seconds / (largest / POSTS_PER_SECOND),
          atMost: 1.5,
        },
        { what: 'answers of 429 per 1,000 deliveries', value: (of(PACED).throttled * 1_000) / largest, atMost: 20 },
        { what: 'connections that missed the message', value: of(PACED).missed, atMost: 0 },
      ],
      tables: [
        {
          caption: `Real handlers, ${WORKERS} workers with a process each, all on this machine: what it cannot do at once, it shows as time.`,
          columns: ['', 'connections', 's until all have it', 'posts/s', '429 per 1,000', 'missed'],
          rows,
        },
      ],
    };
  } finally {
    lambda.stop();
    await stage.stop();
  }
}

async function deliverOnce(stage: Stage, room: Room, contender: Contender, connections: number): Promise<Outcome> {
  const event = await room.append(1);
  await stage.sink.behave({
    answerMs: ANSWER_MS,
    postsPerSecond: POSTS_PER_SECOND,
    lastSeq: (await room.head()) + 1,
  });
  const { wallMs } = await contender.run({ event });
  const { complete, throttled, disordered } = await stage.sink.tally();
  if (disordered > 0) throw new Error(`${contender.name}: ${disordered} numbers out of order`);
  return { seconds: wallMs / 1_000, throttled, missed: connections - complete };
}

/** Starts a stand-in for Lambda's Invoke with a few warm workers. An invocation waits while all workers are busy. */
async function startLambda(stage: Stage) {
  const idle = await Promise.all(Array.from({ length: WORKERS }, () => stage.contender(import.meta.filename, DELIVER)));
  const waiting: ((worker: Contender) => void)[] = [];
  const server = createServer(async (request, response) => {
    const slice = (await json(request)) as Slice;
    const worker = idle.pop() ?? (await new Promise<Contender>((resolve) => waiting.push(resolve)));
    const { facts } = await worker.run(slice);
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
    response.end(JSON.stringify(facts));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
