import type { Clock } from '../ports/clock.ts';
import { type Connection, type Connections, hasExpired } from '../ports/connections.ts';
import type { Failure, Frame, Gateway, PostOutcome } from '../ports/gateway.ts';
import type { Delivery } from '../ports/workers.ts';
import { LATE, newDelivery, note } from './delivery.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { encode } from './frames.ts';

export interface FanOutPorts {
  connections: Pick<Connections, 'forget'>;
  gateway: Gateway;
  now: Clock;
}

/**
 * Age up to which a connection may still be opening, ms. The function `$connect` first stores the connection and then
 * answers, after up to 29 s. Until it has answered, the connection does not exist for API Gateway, and a post gets a
 * 410. If that 410 removed the stored connection, no event would reach the socket once it is open.
 */
const OPENING_MS = 30_000;

const expiredFrame = encode({
  type: 'error',
  code: 'unauthenticated',
  message: 'Your token has expired. Sign in again.',
});

/**
 * Posts the frames to every connection: many connections at once, the frames of one connection in order. A post never
 * throws and is bounded in time, so a broken or slow connection does not stop the delivery to the others. A client that
 * misses a frame sees a gap in the numbers and fetches the events.
 *
 * If `concurrency` connections in a row do not answer, API Gateway is probably down. The connections that are left are
 * then reported as failed, without a post. The next delivery tries again, because API Gateway may have recovered.
 *
 * @param concurrency connections posted to at the same time
 * @param signal aborted when the time is over; the connections that are left are then reported as failed
 * @throws whatever listing the connections throws, and nothing else
 */
export async function fanOut(
  pages: AsyncIterable<readonly Connection[]>,
  frames: readonly Frame[],
  concurrency: number,
  { connections, gateway, now }: FanOutPorts,
  signal: AbortSignal,
): Promise<Delivery> {
  const delivery = newDelivery();
  const closed: string[] = [];
  const unreachable: Failure = { cause: 'silent', reason: `no answer from ${concurrency} connections in a row` };
  let silentInARow = 0;
  const postTo = async (connection: Connection): Promise<PostOutcome | 'expired'> => {
    if (signal.aborted) return LATE;
    if (silentInARow >= concurrency) return unreachable;
    if (hasExpired(connection, now())) {
      const told = await gateway.post(connection.id, expiredFrame, signal);
      if (told === 'gone') return told;
      await gateway.close(connection.id);
      return 'expired';
    }
    const outcome = await postInOrder(gateway, connection.id, frames, signal);
    silentInARow = isSilence(outcome) ? silentInARow + 1 : 0;
    return outcome;
  };
  await forEachConcurrently(pages, concurrency, async (connection) => {
    const outcome = await postTo(connection);
    note(delivery, outcome);
    if (outcome === 'gone' && now() - connection.connectedAt > OPENING_MS) closed.push(connection.id);
  });
  // Removes the closed connections only after all posts, so that no post waits for the removal. If the removal fails,
  // the next delivery finds the connections gone again.
  if (!signal.aborted) await connections.forget(closed, signal).catch(() => undefined);
  return delivery;
}

const isSilence = (outcome: PostOutcome) => typeof outcome === 'object' && outcome.cause === 'silent';

/** Posts the frames one by one. Stops at the first that fails, because the client then fetches the rest anyway. */
async function postInOrder(
  gateway: Gateway,
  connectionId: string,
  frames: readonly Frame[],
  signal: AbortSignal,
): Promise<PostOutcome> {
  for (const frame of frames) {
    const outcome = await gateway.post(connectionId, frame, signal);
    if (outcome !== 'delivered') return outcome;
  }
  return 'delivered';
}
