import type { Connection } from '../ports/connections.ts';
import type { Frame } from '../ports/gateway.ts';
import type { Delivery, Workers } from '../ports/workers.ts';
import type { Budget } from './budget.ts';
import { add, LATE, newDelivery, note } from './delivery.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';

/**
 * Maximum number of connections in a slice, the part of a room that one worker posts to. With the default of
 * POSTS_PER_SECOND, posting one frame to each of them takes about a second.
 */
const SLICE = 2_500;

/**
 * Number of workers that run at the same time for a room. They share the account's quota of API Gateway requests. Two
 * workers can use up the quota if answers are fast. Four can do so even if answers are slow (docs/scale.md).
 */
const WORKERS_AT_ONCE = 4;

/** Part of the budget that is kept for invoking a worker and receiving its answer, ms. */
const ON_THE_WAY_MS = 1_000;

export interface LargeRooms {
  workers: Workers;
  /** Rooms with more connections than this are handed to workers. */
  threshold: number;
  /** The account's quota minus a reserve for other uses, requests/s. */
  postsPerSecond: number;
}

/**
 * Reads a room's connections until it has read more than `threshold` of them, or all. `first` holds the connections
 * that were read. `rest` iterates over the others, and is undefined if all were read. No row is read twice, and a small
 * room costs no extra request.
 */
export async function readUpTo(
  threshold: number,
  pages: AsyncIterable<readonly Connection[]>,
): Promise<{ first: Connection[]; rest: AsyncIterator<readonly Connection[]> | undefined }> {
  const rest = pages[Symbol.asyncIterator]();
  const first: Connection[] = [];
  while (first.length <= threshold) {
    const page = await rest.next();
    if (page.done) return { first, rest: undefined };
    first.push(...page.value);
  }
  return { first, rest };
}

/**
 * Lets workers post the frames to a room's connections, slice by slice, and waits for the workers. Without the wait,
 * the next batch of frames could overtake this batch, and both would share the quota. If a worker fails, or if the
 * budget is spent before a slice has a worker, the clients of the slice may miss frames. These clients then see a gap
 * in the numbers and fetch the events.
 *
 * @throws whatever listing the connections throws, and nothing else
 */
export async function fanOutInSlices(
  first: readonly Connection[],
  rest: AsyncIterator<readonly Connection[]>,
  frames: readonly Frame[],
  { workers, postsPerSecond }: LargeRooms,
  budget: Budget,
): Promise<Delivery> {
  const total = newDelivery();
  const decoder = new TextDecoder();
  const texts = frames.map(({ body }) => decoder.decode(body));
  await forEachConcurrently(slices(first, rest), WORKERS_AT_ONCE, async (connections) => {
    const budgetMs = budget.left() - ON_THE_WAY_MS;
    if (budgetMs <= 0) return note(total, LATE, connections.length);
    const slice = { frames: texts, connections, postsPerSecond: postsPerSecond / WORKERS_AT_ONCE, budgetMs };
    try {
      add(total, await workers.fanOut(slice, budget.signal));
    } catch (error) {
      note(total, { cause: 'broken', reason: String(error) }, connections.length);
    }
  });
  return total;
}

async function* slices(first: readonly Connection[], rest: AsyncIterator<readonly Connection[]>) {
  let pending = [...first];
  for (let page = await rest.next(); !page.done; page = await rest.next()) {
    yield full(pending);
    pending = [...pending, ...page.value];
  }
  yield full(pending);
  if (pending.length > 0) yield [pending];
}

/** Removes all whole slices from the front of the list, and returns them. */
function full(pending: Connection[]): Connection[][] {
  return Array.from({ length: Math.floor(pending.length / SLICE) }, () => pending.splice(0, SLICE));
}
