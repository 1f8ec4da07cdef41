import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { exception, json, on, withJson } from '../proxies/dynamodb.ts';
import { type Intervention, type Reply, reset } from '../proxies/http-proxy.ts';
import type { RecordsPage, StreamRecord } from '../proxies/shards.ts';
import type { Random } from '../random.ts';

/** Delivers batches at least twice. */
const twice: Fault = {
  name: 'batches-twice',
  number: 2,
  inject: async ({ backEnd: { storage }, random }, ms) => {
    let strikes = 0;
    let again: { reply: Reply; page: RecordsPage } | undefined;
    const end = storage.intervene(
      on(['GetRecords'], async (call, forward) => {
        const { ShardIterator } = json<{ ShardIterator: string }>(call);
        if (again?.page.NextShardIterator === ShardIterator) {
          const { reply } = again;
          strikes++;
          if (random.chance(0.7)) again = undefined;
          return reply;
        }
        const reply = await forward(call);
        const page = json<RecordsPage>(reply);
        if (page.Records?.length > 0) again = { reply, page };
        return reply;
      }),
    );
    await sleep(ms);
    end();
    return strikes;
  },
};

const reordered: Fault = {
  name: 'records-reordered',
  number: 3,
  alone: true,
  inject: async (world, ms) => {
    const order = new Reordering(world.random);
    const end = world.backEnd.storage.intervene(order.intervention);
    await sleep(ms);
    order.over = true;
    await world.until(async () => order.held.length === 0);
    end();
    return order.strikes;
  },
};

/**
 * Shuffles the records of a batch, and holds some back for a later batch, because a stream keeps order only among the
 * records of one item. It even swaps records of one item, which is harmless: fanOut takes only an item's INSERT. The
 * sequence numbers of a batch still ascend, as in a real shard.
 */
export class Reordering {
  strikes = 0;
  /** `true` once the fault has ended. The next read then releases all records that are held back. */
  over = false;
  held: readonly StreamRecord[] = [];
  readonly intervention: Intervention;

  constructor(random: Random) {
    this.intervention = on(['GetRecords'], async (call, forward) => {
      const reply = await forward(call);
      if (reply.status !== 200) return reply;
      const page = json<RecordsPage>(reply);
      const all = [...this.held, ...page.Records];
      const now = this.over ? all : all.filter(() => random.chance(0.7));
      this.held = all.filter((record) => !now.includes(record));
      this.strikes += this.held.length;
      return withJson(reply, { ...page, Records: shuffled(now, random) });
    });
  }
}

function shuffled(records: StreamRecord[], random: Random): StreamRecord[] {
  const numbers = records
    .map(({ dynamodb }) => dynamodb.SequenceNumber)
    .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return random.shuffle(records).map((record, index) => ({
    ...record,
    dynamodb: { ...record.dynamodb, SequenceNumber: numbers[index]! },
  }));
}

const unreadable: Fault = {
  name: 'stream-unreadable',
  number: 13,
  inject: async ({ backEnd: { storage }, random }, ms) => {
    let strikes = 0;
    const intervention: Intervention = async (call, forward) => {
      if (random.chance(0.5)) return forward(call);
      strikes++;
      const kind = random.int(4);
      if (kind === 0) return exception('ExpiredIteratorException');
      if (kind === 1) return exception('LimitExceededException');
      if (kind === 2) return exception('InternalServerError', {}, 500);
      // The call is made, but its answer is lost.
      await forward(call);
      throw reset;
    };
    const end = storage.intervene(on(['GetRecords', 'GetShardIterator', 'DescribeStream'], intervention));
    await sleep(ms);
    end();
    return strikes;
  },
};

const shardEnded: Fault = {
  name: 'shard-ended',
  number: 13,
  inject: async ({ backEnd: { shards }, random }, ms) => {
    const until = Date.now() + ms;
    let strikes = 0;
    while (Date.now() < until) {
      await sleep(random.between(500, 2_000));
      strikes += shards.split();
    }
    return strikes;
  },
};

export const streamFaults: Fault[] = [twice, reordered, unreadable, shardEnded];
