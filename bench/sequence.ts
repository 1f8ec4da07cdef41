import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { fanOut } from '../src/domain/delivery/fan-out.ts';
import { encodeEvents } from '../src/domain/delivery/frames.ts';
import { sequence } from '../src/domain/numbering/sequence.ts';
import { documentClient } from '../src/infra/dynamodb/client.ts';
import { eventsByRoom } from '../src/infra/dynamodb/stream-records.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../test/dynamodb.ts';
import type { Contenders } from './harness/contender.ts';
import { interleave, median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import { connectionIds } from './harness/sink.ts';
import { setStage } from './harness/stage.ts';
import type { Options } from './main.ts';

const OURS = 'sequence';
const LIMIT = 'one unconditional transaction';
const RIVAL = 'a counter, then a Put, per event';
const SHARE = 'share of a fan-out to 1,000';

interface Round {
  event: DynamoDBStreamEvent;
  head: number;
}

export const contenders: Contenders = {
  [OURS]: async () => {
    const { eventLog } = await import('../src/infra/composition.ts');
    return async ({ event }: Round) => {
      const [room] = eventsByRoom(event.Records).rooms;
      const { assigned } = await sequence(eventLog(), room!.name, room!.events);
      if (assigned !== event.Records.length) throw new Error(`Only ${assigned} events got their number.`);
    };
  },
  /** The limit: as many writes as numbering needs, in one transaction without conditions. */
  [LIMIT]: async () => {
    const db = documentClient();
    return async ({ event, head }: Round) => {
      const [room] = eventsByRoom(event.Records).rooms;
      const update = (TableName: string, Key: Record<string, string>, seq: number) => ({
        Update: {
          TableName,
          Key,
          UpdateExpression: 'SET seq = :seq',
          ExpressionAttributeValues: { ':seq': seq },
        },
      });
      await db.send(
        new TransactWriteCommand({
          TransactItems: [
            update(STATE_TABLE, { pk: `ROOM#bare-${room!.name}`, sk: 'HEAD' }, head + event.Records.length),
            ...room!.events.map(({ id }, index) => update(EVENTS_TABLE, { room: room!.name, id }, head + 1 + index)),
          ],
        }),
      );
    };
  },
  /**
   * The rival: increments an atomic counter, then writes the number to the event. A crash between these two writes
   * leaves a number that no event ever gets.
   */
  [RIVAL]: async () => {
    const { UpdateCommand } = await import('@aws-sdk/lib-dynamodb');
    const db = documentClient();
    return async ({ event }: Round) => {
      const [room] = eventsByRoom(event.Records).rooms;
      for (const { id } of room!.events) {
        const { Attributes } = await db.send(
          new UpdateCommand({
            TableName: STATE_TABLE,
            Key: { pk: `ROOM#counter-${room!.name}`, sk: 'HEAD' },
            UpdateExpression: 'ADD seq :one',
            ExpressionAttributeValues: { ':one': 1 },
            ReturnValues: 'UPDATED_NEW',
          }),
        );
        await db.send(
          new UpdateCommand({
            TableName: EVENTS_TABLE,
            Key: { room: room!.name, id },
            UpdateExpression: 'SET seq = :seq',
            ExpressionAttributeValues: { ':seq': Attributes!.seq },
          }),
        );
      }
    };
  },
  [SHARE]: async () => {
    const { fanOutPorts } = await import('../src/infra/composition.ts');
    const ports = fanOutPorts();
    return async ({ event }: Round) => {
      const [room] = eventsByRoom(event.Records).rooms;
      const start = performance.now();
      const { epoch, events } = await sequence(ports.log, room!.name, room!.events);
      const sequenced = performance.now();
      const frames = encodeEvents(room!.name, epoch, events);
      const { signal } = new AbortController();
      await fanOut(ports.connections.inRoom(room!.name, signal), frames, ports.concurrency, ports, signal);
      return { share: (sequenced - start) / (performance.now() - start) };
    };
  },
};

/**
 * Measures how many events a second get their number, and the CPU time for each event. Also measures what share of a
 * fan-out's time the numbering takes.
 */
export async function run({ quick }: Options): Promise<Report> {
  const rows: (string | number)[][] = [];
  const rates = new Map<string, number>();
  for (const batch of quick ? [90] : [1, 10, 90]) {
    const samples = await measure(batch, quick ? 7 : 15);
    for (const name of [OURS, LIMIT, RIVAL]) {
      const rate = batch / (median(samples[name]!.map(({ wallMs }) => wallMs)) / 1_000);
      rates.set(`${name}/${batch}`, rate);
      rows.push([name, batch, rate, median(samples[name]!.map(({ cpuMs }) => (cpuMs * 1_000) / batch))]);
    }
    const shares = samples[SHARE]!.map(({ facts }) => (facts as { share: number }).share * 100);
    rows.push([`${SHARE}, %`, batch, median(shares), '']);
  }
  return {
    title: 'Numbering a batch of 90 events',
    unit: 'events/s',
    ours: rates.get(`${OURS}/90`)!,
    limit: rates.get(`${LIMIT}/90`)!,
    rivals: { [RIVAL]: rates.get(`${RIVAL}/90`)! },
    claims: [
      { what: 'to the limit, 90 events', value: rates.get(`${OURS}/90`)! / rates.get(`${LIMIT}/90`)!, atLeast: 0.5 },
      { what: 'to the rival, 90 events', value: rates.get(`${OURS}/90`)! / rates.get(`${RIVAL}/90`)!, atLeast: 3 },
    ],
    tables: [
      {
        caption: 'Each event got its number, in one attempt, or the run fails.',
        columns: ['', 'events', 'events/s', 'µs CPU per event'],
        rows,
      },
    ],
  };
}

/** Uses a new database for each batch size, because the local engine slows down as its stream grows. */
async function measure(batch: number, rounds: number) {
  const stage = await setStage();
  try {
    const running = await stage.contenders(import.meta.filename, contenders);
    await stage.sink.behave({ answerMs: 5 });
    await stage.room(SHARE).connect(connectionIds(1_000).filter((id) => id.startsWith('open')));
    return await interleave(
      rounds,
      Object.fromEntries(
        running.map((contender) => {
          const room = stage.room(contender.name);
          return [
            contender.name,
            async () => contender.run({ event: await room.append(batch), head: await room.head() }),
          ];
        }),
      ),
    );
  } finally {
    await stage.stop();
  }
}
