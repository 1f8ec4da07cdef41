import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { chatHistory, eventsAfter } from '../src/domain/reading/history.ts';
import { DynamoEventLog } from '../src/infra/dynamodb/event-log.ts';
import { runtime } from '../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB } from '../test/dynamodb.ts';
import { interleave, median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import type { Options } from './main.ts';

const PAGE = 50;
/** Number of events in the largest log that is scanned. To scan them takes about 5 s (bench/results.md). */
const LARGEST_SCAN = 100_000;
const EPOCH = 'bench';
/** Number of items in a transaction. */
const BATCH = 100;

/** Compares the cost of a page in a short log and in a long one. */
export async function run({ quick }: Options): Promise<Report> {
  const database = await startDynamoDB();
  try {
    const client = new DynamoDBClient({ endpoint: database.endpoint });
    // Turns the stream off. The local engine slows down as its stream grows, so it would take hours to write a million
    // events.
    const StreamSpecification = { StreamEnabled: false };
    await client.send(new UpdateTableCommand({ TableName: EVENTS_TABLE, StreamSpecification }));
    const db = DynamoDBDocumentClient.from(client);
    const log = new DynamoEventLog(db, { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE }, runtime);
    const sizes = quick ? [1_000, 5_000] : [1_000, 100_000, 1_000_000];
    for (const size of sizes) await fill(db, `room-${size}`, size);
    const samplers = Object.fromEntries(
      sizes.flatMap((size) => {
        const room = `room-${size}`;
        const middle = Math.floor(size / 2);
        return [
          [
            `newest/${size}`,
            timed(
              () => chatHistory(log, room, undefined, PAGE),
              (page) => page.messages[0]?.seq === size,
            ),
          ],
          [
            `middle/${size}`,
            timed(
              () => chatHistory(log, room, middle, PAGE),
              (page) => page.messages[0]?.seq === middle - 1,
            ),
          ],
          [
            `resume/${size}`,
            timed(
              () => eventsAfter(log, room, size - PAGE, PAGE),
              (page) => page.events.length === PAGE,
            ),
          ],
          [
            `bare/${size}`,
            timed(
              () => pageQuery(db, room),
              ({ Items }) => Items?.length === PAGE + 1,
            ),
          ],
        ];
      }),
    ) as Record<string, () => Promise<number>>;
    const samples = await interleave(quick ? 40 : 200, samplers);
    const scans = await interleave(
      quick ? 1 : 3,
      Object.fromEntries(
        sizes
          .filter((size) => size <= LARGEST_SCAN)
          .map((size) => [
            `scan/${size}`,
            timed(
              () => scanAndSort(db, `room-${size}`),
              (page) => page[0]?.seq === size,
            ),
          ]),
      ),
    );
    const ms = (key: string) => median(samples[key] ?? scans[key] ?? [Number.NaN]);
    const units = new Map(
      await Promise.all(
        sizes.map(async (size) => [size, (await pageQuery(db, `room-${size}`)).ConsumedCapacity] as const),
      ),
    );
    const [first, last] = [sizes[0]!, sizes.at(-1)!];
    const scanned = Math.max(...sizes.filter((size) => size <= LARGEST_SCAN));
    return {
      title: `The newest page of ${PAGE} messages of ${last.toLocaleString('en-US')}`,
      unit: 'ms',
      ours: ms(`newest/${last}`),
      limit: ms(`bare/${last}`),
      rivals: { [`scan and sort, of ${scanned.toLocaleString('en-US')}`]: ms(`scan/${scanned}`) },
      claims: ['newest', 'middle', 'resume'].map((page) => ({
        what: `${page}: ${last.toLocaleString('en-US')} events to ${first.toLocaleString('en-US')}`,
        value: ms(`${page}/${last}`) / ms(`${page}/${first}`),
        atMost: 1.3,
      })),
      tables: [
        {
          caption: 'Each page was the right one, or the run fails. The limit is the bare Query for as many events.',
          columns: [
            'events',
            'newest page, ms',
            'middle page, ms',
            'resume, ms',
            'bare Query, ms',
            'read units',
            'scan and sort, ms',
          ],
          rows: sizes.map((size) => [
            size.toLocaleString('en-US'),
            ...['newest', 'middle', 'resume', 'bare'].map((page) => ms(`${page}/${size}`)),
            units.get(size)?.CapacityUnits ?? '',
            ms(`scan/${size}`),
          ]),
        },
      ],
    };
  } finally {
    await database.stop();
  }
}

function timed<T>(read: () => Promise<T>, isRight: (answer: T) => boolean): () => Promise<number> {
  return async () => {
    const start = performance.now();
    const answer = await read();
    const ms = performance.now() - start;
    if (!isRight(answer)) throw new Error(`A fast wrong page: ${JSON.stringify(answer).slice(0, 300)}`);
    return ms;
  };
}

function pageQuery(db: DynamoDBDocumentClient, room: string): Promise<QueryCommandOutput> {
  return db.send(
    new QueryCommand({
      TableName: EVENTS_TABLE,
      IndexName: 'bySeq',
      KeyConditionExpression: 'room = :room',
      ExpressionAttributeValues: { ':room': room },
      ScanIndexForward: false,
      Limit: PAGE + 1,
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
}

/**
 * Reads all messages of a room, sorts them, and returns the newest page. A chat must do this if it has no index on the
 * order of its messages.
 */
async function scanAndSort(db: DynamoDBDocumentClient, room: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await db.send(
      new QueryCommand({
        TableName: EVENTS_TABLE,
        KeyConditionExpression: 'room = :room',
        ExpressionAttributeValues: { ':room': room },
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items.sort((a, b) => (b.seq as number) - (a.seq as number)).slice(0, PAGE);
}

async function fill(db: DynamoDBDocumentClient, room: string, size: number): Promise<void> {
  await db.send(
    new PutCommand({ TableName: STATE_TABLE, Item: { pk: `ROOM#${room}`, sk: 'HEAD', epoch: EPOCH, seq: size } }),
  );
  const actor = { id: 'bench'.padEnd(22, '0'), name: 'bench' };
  // Writes one transaction after the other. On the local engine that is several times faster than concurrent
  // transactions, or than `BatchWriteItem`, which takes at most 25 items.
  for (let from = 1; from <= size; from += BATCH) {
    const puts = Array.from({ length: Math.min(BATCH, size - from + 1) }, (_, index) => {
      const seq = from + index;
      const data = { text: `Message ${seq} of many, about as long as such a message is.` };
      // Scatters the ids, because clients make random ids. The order of the keys is then not the order of `seq`.
      const id = `${actor.id}:${((seq * 2_654_435_761) % 2 ** 32).toString(36)}-${seq}`;
      const Item = { room, id, type: 'MessagePosted', v: 1, at: seq, actor, data, seq };
      return { Put: { TableName: EVENTS_TABLE, Item } };
    });
    await db.send(new TransactWriteCommand({ TransactItems: puts }));
    if (from % 50_000 === 1 && from > 1) console.error(`history: ${from - 1} of ${size} events written`);
  }
}
