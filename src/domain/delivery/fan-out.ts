import type { Clock } from '../ports/clock.ts';
import type { Connection, Connections } from '../ports/connections.ts';
import type { Frame, Gateway, PostOutcome } from '../ports/gateway.ts';
import type { Delivery } from '../ports/workers.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { encode } from './frames.ts';

export interface FanOutPorts {
  connections: Pick<Connections, 'forget'>;
  gateway: Gateway;
  now: Clock;
}

/**
 * A connection's row is written by $connect, but the connection does not exist before $connect has answered: a post is
 * answered with 410 until then. Deleting the row would leave an open socket that no event reaches. $connect has 29 s.
 */
const OPENING_MS = 30_000;

const expiredFrame = encode({
  type: 'error',
  code: 'unauthenticated',
  message: 'Your token has expired. Sign in again.',
});

/**
 * Posts the frames to every connection: many connections at once, the frames of one connection in order.
 * No connection can fail or hold up the others: a post never throws and is bounded in time. A connection that
 * misses a frame sees a gap in the numbers and fetches it.
 *
 * @param concurrency connections posted to at the same time
 * @throws whatever listing the connections throws, and nothing else
 */
export async function fanOut(
  pages: AsyncIterable<readonly Connection[]>,
  frames: readonly Frame[],
  concurrency: number,
  { connections, gateway, now }: FanOutPorts,
): Promise<Delivery> {
  const delivery: Delivery = { delivered: 0, gone: 0, failed: 0, expired: 0 };
  const closed: string[] = [];
  const postTo = async (connection: Connection) => {
    if (connection.tokenExpiresAt !== undefined && connection.tokenExpiresAt <= now()) {
      await gateway.post(connection.id, expiredFrame);
      await gateway.close(connection.id);
      delivery.expired++;
      return;
    }
    const outcome = await postInOrder(gateway, connection.id, frames);
    delivery[outcome]++;
    if (outcome === 'gone' && now() - connection.connectedAt > OPENING_MS) closed.push(connection.id);
  };
  await forEachConcurrently(pages, concurrency, postTo);
  // Last, because nobody waits for it. What stays is found gone again.
  await connections.forget(closed).catch(() => undefined);
  return delivery;
}

/** Stops at the first frame that fails: the client fetches everything after it anyway. */
async function postInOrder(gateway: Gateway, connectionId: string, frames: readonly Frame[]): Promise<PostOutcome> {
  for (const frame of frames) {
    const outcome = await gateway.post(connectionId, frame);
    if (outcome !== 'delivered') return outcome;
  }
  return 'delivered';
}
