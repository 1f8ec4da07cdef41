import type { Stream } from '../../../local/event-source-mapping/stream.ts';
import type { Fault } from '../../faults/fault.ts';
import type { Random } from '../../faults/random.ts';
import { failure, Reset } from '../database.ts';
import type { Read, Record } from '../stream.ts';
import type { World } from '../world.ts';

/** Delivers batches again, some of them several times. */
const twice: Fault<World> = {
  name: 'batches-twice',
  number: 2,
  inject: async ({ stream, random, time }, ms) => {
    let strikes = 0;
    let again: Exclude<Read, 'lost'> | undefined;
    const end = stream.reads.add(async (iterator, forward) => {
      if (again?.next === iterator) {
        const answer = again;
        strikes++;
        if (random.chance(0.7)) again = undefined;
        return answer;
      }
      const answer = await forward(iterator);
      if (answer !== 'lost' && answer.records.length > 0) again = answer;
      return answer;
    });
    await time.sleep(ms);
    end();
    return strikes;
  },
};

/**
 * Shuffles records within a batch, and moves records to later batches. A real stream may do so with records of
 * different items. Here, even records of one item may swap. This does no harm, because fanOut reads only an item's
 * INSERT, and an item has one. The sequence numbers of a batch stay ascending, as in a real shard.
 */
export function reordering(stream: Stream<Record>, random: Random) {
  const order = {
    strikes: 0,
    held: [] as readonly Record[],
    /** Whether to release all records that are held back. */
    over: false,
    change(answer: Read): Read {
      if (answer === 'lost') return answer;
      const all = [...order.held, ...answer.records];
      const now = order.over ? all : all.filter(() => random.chance(0.7));
      order.held = all.filter((record) => !now.includes(record));
      order.strikes += order.held.length;
      return { ...answer, records: shuffled(now, random) };
    },
  };
  const shuffledStream: Stream<Record> = {
    arn: stream.arn,
    shards: () => stream.shards(),
    iterator: (shardId, position) => stream.iterator(shardId, position),
    read: async (iterator) => order.change(await stream.read(iterator)),
  };
  return { order, stream: shuffledStream };
}

function shuffled(records: Record[], random: Random): Record[] {
  const numbers = records
    .map(({ dynamodb }) => dynamodb.SequenceNumber)
    .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return random.shuffle(records).map((record, index) => ({
    ...record,
    dynamodb: { ...record.dynamodb, SequenceNumber: numbers[index]! },
  }));
}

const reordered: Fault<World> = {
  name: 'records-reordered',
  number: 3,
  alone: true,
  inject: async (world, ms) => {
    const { order } = reordering(world.stream, world.random);
    const end = world.stream.reads.add(async (iterator, forward) => order.change(await forward(iterator)));
    await world.time.sleep(ms);
    order.over = true;
    await world.until(() => order.held.length === 0);
    end();
    return order.strikes;
  },
};

const unreadable: Fault<World> = {
  name: 'stream-unreadable',
  number: 13,
  inject: async ({ stream, random, time }, ms) => {
    let strikes = 0;
    const end = stream.reads.add(async (iterator, forward) => {
      if (random.chance(0.5)) return forward(iterator);
      strikes++;
      const kind = random.int(3);
      if (kind === 0) return 'lost';
      if (kind === 1) throw failure('LimitExceededException');
      // The records are read, but the answer is lost.
      await forward(iterator);
      throw new Reset();
    });
    await time.sleep(ms);
    end();
    return strikes;
  },
};

const shardEnded: Fault<World> = {
  name: 'shard-ended',
  number: 13,
  inject: async ({ stream, random, time }, ms) => {
    const until = time.now() + ms;
    let strikes = 0;
    while (time.now() < until) {
      await time.sleep(random.between(500, 5_000));
      stream.split();
      strikes++;
    }
    return strikes;
  },
};

export const streamFaults: Fault<World>[] = [twice, reordered, unreadable, shardEnded];
