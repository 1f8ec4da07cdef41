import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { exception, json, on, operationOf, READS, WRITES, withJson } from '../proxies/dynamodb.ts';
import { type Call, type Intervention, type Reply, reset } from '../proxies/http-proxy.ts';
import type { Random } from '../random.ts';
import { answer, strikeSome } from './posts.ts';

interface Transaction {
  TransactItems: { Put?: { Item: Item } }[];
}
type Item = Record<string, { S?: string; N?: string }>;

/** Returns a fault that applies `strike` to some calls of these operations. @param share the share of calls, 0 to 1 */
function storageFault(
  name: string,
  number: number,
  operations: readonly string[],
  share: number,
  strike: (call: Call, forward: (call: Call) => Promise<Reply>, random: Random) => Promise<Reply>,
): Fault {
  return {
    name,
    number,
    inject: async ({ backEnd: { storage }, random }, ms) => {
      let strikes = 0;
      const intervention: Intervention = (call, forward) => {
        if (!random.chance(share)) return forward(call);
        strikes++;
        return strike(call, forward, random);
      };
      const end = storage.intervene(on(operations, intervention));
      await sleep(ms);
      end();
      return strikes;
    },
  };
}

/** Returns the answer to a cancelled transaction: one reason for each item (API reference, TransactWriteItems). */
function cancelled(call: Call, Code: string): Reply {
  const reasons = json<Transaction>(call).TransactItems.map((_, index) => ({ Code: index === 0 ? Code : 'None' }));
  return exception('TransactionCanceledException', { CancellationReasons: reasons });
}

const throttled = storageFault('storage-throttled', 8, [...WRITES, ...READS], 0.6, async (call, _forward, random) => {
  if (operationOf(call) === 'TransactWriteItems' && random.chance(0.5)) return cancelled(call, 'ThrottlingError');
  return exception(random.pick(['ProvisionedThroughputExceededException', 'ThrottlingException']));
});

const conflicts = storageFault('storage-conflicts', 8, WRITES, 0.4, async (call) =>
  operationOf(call) === 'TransactWriteItems'
    ? cancelled(call, 'TransactionConflict')
    : exception('TransactionConflictException'),
);

/** Makes the write, but loses its answer. */
const answersLost = storageFault('storage-answers-lost', 9, WRITES, 0.4, async (call, forward) => {
  await forward(call);
  throw reset;
});

/** Delays calls, some beyond the SDK client's time-out. DynamoDB then gets a call that the client has given up. */
const slow = storageFault('storage-slow', 8, [...WRITES, ...READS], 0.2, async (call, forward, random) => {
  await sleep(random.chance(0.1) ? 4_000 : random.between(50, 800));
  return forward(call);
});

/** Changes the time of appended events by up to five minutes, as if the appending processes had wrong clocks. */
const clocksApart = storageFault(
  'clocks-apart',
  10,
  ['PutItem', 'TransactWriteItems'],
  1,
  async (call, forward, random) => {
    const body = json<Partial<Transaction> & { Item?: Item }>(call);
    const items = [body.Item, ...(body.TransactItems ?? []).map(({ Put }) => Put?.Item)];
    for (const item of items) {
      // The item with a room's rules has no `type`. Its `at` is the number of an event, not a time.
      if (item?.at && item.type) item.at.N = String(Number(item.at.N) + Math.round(random.between(-300_000, 300_000)));
    }
    return forward(withJson(call, body));
  },
);

/** Maximum lag of the index. Must be less than a minute: then readers take a missing number for gone. */
const MAX_LAG_MS = 30_000;

/**
 * Makes the index `bySeq` lag: the newest events appear late and out of order. Some posts are lost meanwhile, so that
 * clients ask for the missed events, which are read from the index.
 */
const indexBehind: Fault = {
  name: 'index-behind',
  number: 12,
  inject: async (world, ms) => {
    const { backEnd, random } = world;
    let strikes = 0;
    const behind: Intervention = on(['Query'], async (call, forward) => {
      const reply = await forward(call);
      const page = json<{ Items?: Item[] }>(reply);
      if (json<{ IndexName?: string }>(call).IndexName !== 'bySeq' || !page.Items) return reply;
      const newest = Math.max(...page.Items.map(({ seq }) => Number(seq?.N)));
      const isOld = ({ seq, numberedAt }: Item) =>
        Number(seq?.N) < newest - 5 || Date.now() - Number(numberedAt?.N) > MAX_LAG_MS;
      const Items = page.Items.filter((item) => isOld(item) || random.chance(0.5));
      strikes += page.Items.length - Items.length;
      return withJson(reply, { ...page, Items });
    });
    const end = backEnd.storage.intervene(behind);
    const [, deliverAll] = strikeSome(
      world,
      () => random.chance(0.2),
      async () => answer(200),
    );
    await sleep(ms);
    end();
    deliverAll();
    return strikes;
  },
};

export const storageFaults: Fault[] = [throttled, conflicts, answersLost, slow, clocksApart, indexBehind];
