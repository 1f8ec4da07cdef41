import type { Fault } from '../../faults/fault.ts';
import type { Random } from '../../faults/random.ts';
import { cancelled, type DatabaseCall, failure, Reset } from '../database.ts';
import type { VirtualTime } from '../time.ts';
import type { World } from '../world.ts';
import { strikePosts } from './posts.ts';

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];
const READS = ['GetItem', 'Query', 'BatchGetItem'];

type Strike = (
  call: DatabaseCall,
  forward: (call: DatabaseCall) => Promise<object>,
  random: Random,
  time: VirtualTime,
) => Promise<object>;

function storageFault(
  name: string,
  number: number,
  operations: readonly string[],
  share: number,
  strike: Strike,
): Fault<World> {
  return {
    name,
    number,
    inject: async ({ database, random, time }, ms) => {
      let strikes = 0;
      const end = database.interventions.add((call, forward) => {
        if (!operations.includes(call.operation) || !random.chance(share)) return forward(call);
        strikes++;
        return strike(call, forward, random, time);
      });
      await time.sleep(ms);
      end();
      return strikes;
    },
  };
}

const throttled = storageFault('storage-throttled', 8, [...WRITES, ...READS], 0.6, async (call, _forward, random) => {
  if (call.operation === 'TransactWriteItems' && random.chance(0.5)) throw cancelled(call, 'ThrottlingError');
  throw failure(random.pick(['ProvisionedThroughputExceededException', 'ThrottlingException']));
});

const conflicts = storageFault('storage-conflicts', 8, WRITES, 0.4, async (call) => {
  if (call.operation === 'TransactWriteItems') throw cancelled(call, 'TransactionConflict');
  throw failure('TransactionConflictException');
});

/** Makes the write, but loses its answer. */
const answersLost = storageFault('storage-answers-lost', 9, WRITES, 0.4, async (call, forward) => {
  await forward(call);
  throw new Reset();
});

/** Delays calls. Some delays exceed the SDK's time-out, so that DynamoDB executes a call after the SDK gave it up. */
const slow = storageFault('storage-slow', 8, [...WRITES, ...READS], 0.2, async (call, forward, random, time) => {
  await time.sleep(random.chance(0.1) ? 4_000 : random.between(50, 800));
  return forward(call);
});

/**
 * Makes indexes lag by up to five seconds, by a different time for each item. Also loses some posts, so that clients
 * fetch the newest events, which the server reads from an index.
 */
const indexBehind: Fault<World> = {
  name: 'index-behind',
  number: 12,
  inject: async (world, ms) => {
    const { database, time, random } = world;
    const catchUp = database.lag(5_000);
    const [lost, end] = strikePosts(
      world,
      () => random.chance(0.2),
      async () => 200,
    );
    await time.sleep(ms);
    end();
    catchUp();
    return lost();
  },
};

/**
 * Sets the clocks of Lambda's machines up to five minutes off, and makes indexes lag, so that numbers are missing. The
 * server decides by time whether the event of a missing number is gone or late (src/domain/reading/vacancy.ts).
 */
const clocksApart: Fault<World> = {
  name: 'clocks-apart',
  number: 10,
  inject: async (world, ms) => {
    world.lambda.skewMs = 300_000;
    await indexBehind.inject(world, ms);
    world.lambda.skewMs = 0;
    return 1;
  },
};

/**
 * Makes all transactions fail, so that events are parked in the queue.
 * @param queueAnswers if false, parking fails, too, and the batches must be retried
 */
function numberingDown(name: string, queueAnswers: boolean): Fault<World> {
  return {
    name,
    number: 8,
    inject: async ({ database, queue, time }, ms) => {
      let strikes = 0;
      const ends = [
        database.interventions.add(async (call, forward) => {
          if (call.operation === 'TransactWriteItems') throw failure('ThrottlingException');
          return forward(call);
        }),
        queue.sends.add(async (parked, forward) => {
          strikes++;
          if (!queueAnswers) throw new Reset();
          return forward(parked);
        }),
      ];
      await time.sleep(ms);
      for (const end of ends) end();
      return strikes;
    },
  };
}

export const storageFaults: Fault<World>[] = [
  ...[throttled, conflicts, answersLost, slow, indexBehind, clocksApart],
  numberingDown('numbering-down', true),
  numberingDown('numbering-and-queue-down', false),
];
