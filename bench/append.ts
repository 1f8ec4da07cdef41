import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { NewEvent } from '../src/domain/ports/event-log.ts';
import { documentClient } from '../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../src/infra/dynamodb/event-log.ts';
import { runtime } from '../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../test/dynamodb.ts';
import type { Contenders } from './harness/contender.ts';
import { interleave, median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import { setStage } from './harness/stage.ts';
import type { Options } from './main.ts';

interface Round {
  writers: number;
  rooms: number;
  appends: number;
  /** Unique prefix of the round's room names and client message ids, so that rounds do not affect each other. */
  round: string;
}

type Append = (event: NewEvent) => Promise<'appended' | number>;

const OURS = 'append';
const LIMIT = 'unconditional Put';
const RIVAL = 'optimistic version n + 1';

const tables = { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE };

export const contenders: Contenders = {
  [OURS]: async () => {
    const log = new DynamoEventLog(documentClient(), tables, runtime);
    return writers(async (event) => {
      // Ignores the result. If the SDK has repeated the Put, the result is `duplicate`, and the event is in the log all
      // the same. If the event was not appended, `append` throws.
      await log.append(event);
      return 'appended';
    });
  },
  [LIMIT]: async () => {
    const db = documentClient();
    return writers(async (Item) => {
      await db.send(new PutCommand({ TableName: EVENTS_TABLE, Item }));
      return 'appended';
    });
  },
  /**
   * The classic event store: reads the room's last number, and puts the event under the next number. If another writer
   * was faster, starts again with the read.
   */
  [RIVAL]: async () => {
    const db = documentClient();
    return writers(async (event) => {
      for (let conflicts = 0; ; conflicts++) {
        const { Items = [] } = await db.send(
          new QueryCommand({
            TableName: EVENTS_TABLE,
            KeyConditionExpression: 'room = :room',
            ExpressionAttributeValues: { ':room': event.room },
            ScanIndexForward: false,
            Limit: 1,
            ConsistentRead: true,
          }),
        );
        const id = String(Number(Items[0]?.id ?? 0) + 1).padStart(12, '0');
        try {
          const ConditionExpression = 'attribute_not_exists(id)';
          await db.send(new PutCommand({ TableName: EVENTS_TABLE, Item: { ...event, id }, ConditionExpression }));
          return conflicts;
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }
    });
  },
};

/** Returns the function that runs a round: several writers append at once, each with one append in flight. */
function writers(append: Append) {
  return async ({ writers, rooms, appends, round }: Round) => {
    let next = 0;
    let conflicts = 0;
    const writer = async () => {
      for (let n = next++; n < appends; n = next++) {
        const outcome = await append(message(`${round}-${n % rooms}`, `${round}-${n}`));
        if (typeof outcome === 'number') conflicts += outcome;
      }
    };
    await Promise.all(Array.from({ length: writers }, writer));
    return { conflicts };
  };
}

function message(room: string, clientMessageId: string): NewEvent {
  const actor = { id: 'bench'.padEnd(22, '0'), name: 'bench' };
  const data = { text: 'The quick brown fox jumps over the lazy dog, and then it does so once more.' };
  return { room, id: `${actor.id}:${clientMessageId}`, type: 'MessagePosted', v: 1, at: 0, actor, data };
}

/**
 * Returns the number of appends in a round. The rival's rounds with more than four writers in one room have a tenth of
 * the appends, because such writers spend most of their time on conflicts.
 */
function appendsOf(name: string, { appends, writers, rooms }: { appends: number; writers: number; rooms: number }) {
  return name === RIVAL && writers > 4 && rooms === 1 ? appends / 10 : appends;
}

export async function run({ quick }: Options): Promise<Report> {
  const cases = [
    { writers: 1, rooms: 1, appends: quick ? 60 : 300 },
    { writers: 4, rooms: 1, appends: quick ? 120 : 600 },
    { writers: 16, rooms: 1, appends: quick ? 240 : 960 },
    { writers: 64, rooms: 1, appends: quick ? 320 : 1_280 },
    { writers: 64, rooms: 64, appends: quick ? 320 : 1_280 },
  ].filter(({ writers }) => !quick || writers >= 16);
  const rows: (string | number)[][] = [];
  const perSecond = new Map<string, number>();
  for (const one of cases) {
    for (const [name, { rate, conflicts }] of await measure(one, quick ? 3 : 5)) {
      perSecond.set(`${name}/${one.writers}/${one.rooms}`, rate);
      rows.push([name, one.writers, one.rooms, rate, conflicts]);
    }
  }
  const at = (name: string, key: string) => perSecond.get(`${name}/${key}`)!;
  const ratio = (key: string) => at(OURS, key) / at(LIMIT, key);
  return {
    title: '16 writers in one room',
    unit: 'appends/s',
    ours: at(OURS, '16/1'),
    limit: at(LIMIT, '16/1'),
    rivals: { [RIVAL]: at(RIVAL, '16/1') },
    claims: [
      { what: '16 writers in one room, to the limit', value: ratio('16/1'), atLeast: 0.8 },
      { what: '64 writers in one room, to the limit', value: ratio('64/1'), atLeast: 0.8 },
      { what: '64 writers in 64 rooms, to the limit', value: ratio('64/64'), atLeast: 0.8 },
    ],
    tables: [
      {
        caption: 'An append that met another one of ours would fail the run.',
        columns: ['', 'writers', 'rooms', 'appends/s', 'conflicts per append'],
        rows,
      },
    ],
  };
}

/** Uses a new database for each case, because the local engine slows down as its stream grows. */
async function measure(one: Omit<Round, 'round'>, rounds: number) {
  const stage = await setStage();
  try {
    const running = await stage.contenders(import.meta.filename, contenders);
    let round = 0;
    const samples = await interleave(
      rounds,
      Object.fromEntries(
        running.map((contender) => [
          contender.name,
          () => contender.run({ ...one, appends: appendsOf(contender.name, one), round: `r${++round}` }),
        ]),
      ),
    );
    return running.map(({ name }) => {
      const appends = appendsOf(name, one);
      const seconds = median(samples[name]!.map(({ wallMs }) => wallMs)) / 1_000;
      const conflicts = median(samples[name]!.map(({ facts }) => (facts as { conflicts: number }).conflicts));
      return [name, { rate: appends / seconds, conflicts: conflicts / appends }] as const;
    });
  } finally {
    await stage.stop();
  }
}
