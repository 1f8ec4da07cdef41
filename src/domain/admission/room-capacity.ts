import { ShoutError } from '../errors.ts';
import type { Random } from '../ports/randomness.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Bucket } from './rate-limit.ts';

/**
 * The bucket of a room for messages of up to 1 KB. Its rate is three quarters of the 333 messages a second that the
 * room's partition can write, so that acknowledged messages are also numbered in time (docs/scale.md). A full burst
 * waits for its numbers for two seconds at most.
 */
const ROOM: Bucket = { burst: 500, perSecond: 250 };

/** Bytes that an event's item has besides the command: keys, actor, numbers. */
const ENVELOPE_BYTES = 400;

/**
 * Returns the room's bucket for events of this size. DynamoDB counts each write in whole KB, so for an event of n KB
 * the bucket has 1/n of the tokens and of the rate. The buckets of all sizes share one `fullAt`.
 */
export function roomBucket(bytes: number): Bucket {
  const kilobytes = Math.ceil((bytes + ENVELOPE_BYTES) / 1_024);
  return { burst: ROOM.burst / kilobytes, perSecond: ROOM.perSecond / kilobytes };
}

/**
 * Time over which waits are spread, ms. Everyone who was refused waits for the same room, and must not come back at the
 * same moment.
 */
const SPREAD_MS = 1_000;

/**
 * Admits a message to its room, up to the room's ceiling.
 *
 * @throws ShoutError `rate_limited` with `retryAfterMs`, spread so that senders who were refused together do not return
 *   together
 */
export async function admitToRoom(limiter: RateLimiter, room: string, bytes: number, random: Random): Promise<void> {
  try {
    await limiter.take(room, roomBucket(bytes));
  } catch (error) {
    if (!(error instanceof ShoutError) || error.retryAfterMs === undefined) throw error;
    const retryAfterMs = Math.ceil(error.retryAfterMs + random() * SPREAD_MS);
    throw new ShoutError(error.code, 'This room takes no more messages just now.', { retryAfterMs });
  }
}
