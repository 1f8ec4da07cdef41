import type { Clock } from '../ports/clock.ts';
import type { Connection, Connections } from '../ports/connections.ts';
import type { Delivery } from '../ports/deliveries.ts';
import type { Frame, Push, PushOutcome } from '../ports/push.ts';
import { encode } from './frames.ts';

interface Ports {
  connections: Pick<Connections, 'forget'>;
  push: Push;
  now: Clock;
}

/**
 * A connection is stored by $connect, but does not exist before $connect has answered: posting to it then says 410.
 * Deleting its row would leave an open socket that no event ever reaches. $connect has 29 s to answer.
 */
const OPENING_MS = 30_000;

const expiredFrame = encode({
  type: 'error',
  code: 'unauthenticated',
  message: 'Your token has expired. Sign in again.',
});

/**
 * Posts the frames to every connection: many connections at once, the frames of one connection in order.
 * No connection can fail or hold up the others: `push` never throws and is bounded in time. A connection that misses
 * a frame sees a gap in the numbers and fetches it.
 *
 * @param concurrency connections served at the same time
 * @throws whatever listing the connections throws, and nothing else
 */
export async function fanOut(
  pages: AsyncIterable<readonly Connection[]>,
  frames: readonly Frame[],
  concurrency: number,
  { connections, push, now }: Ports,
): Promise<Delivery> {
  const delivery: Delivery = { delivered: 0, gone: 0, failed: 0, expired: 0 };
  const closed: string[] = [];
  const serve = async (connection: Connection) => {
    if (connection.tokenExpiresAt !== undefined && connection.tokenExpiresAt <= now()) {
      await push.post(connection.id, expiredFrame);
      await push.close(connection.id);
      delivery.expired++;
      return;
    }
    const outcome = await postInOrder(push, connection.id, frames);
    delivery[outcome]++;
    if (outcome === 'gone' && now() - connection.connectedAt > OPENING_MS) closed.push(connection.id);
  };
  await forEach(pages, concurrency, serve);
  // Last, because nobody waits for it. What stays is found gone again.
  await connections.forget(closed).catch(() => undefined);
  return delivery;
}

/** Stops at the first frame that does not arrive: a later one would only show the client the gap twice. */
async function postInOrder(push: Push, connectionId: string, frames: readonly Frame[]): Promise<PushOutcome> {
  for (const frame of frames) {
    const outcome = await push.post(connectionId, frame);
    if (outcome !== 'delivered') return outcome;
  }
  return 'delivered';
}

/** Runs `serve` over all items of all pages, `concurrency` at a time; the next page loads only when one is needed. */
export async function forEach<T>(
  pages: AsyncIterable<readonly T[]>,
  concurrency: number,
  serve: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = pages[Symbol.asyncIterator]();
  let page: readonly T[] = [];
  let next = 0;
  let done = false;
  let loading: Promise<void> | undefined;
  const load = async () => {
    const result = await iterator.next();
    loading = undefined;
    done = result.done === true;
    page = result.done ? [] : result.value;
    next = 0;
  };
  const worker = async () => {
    for (;;) {
      while (next >= page.length) {
        if (done) return;
        loading ??= load();
        await loading;
      }
      await serve(page[next++]!);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
