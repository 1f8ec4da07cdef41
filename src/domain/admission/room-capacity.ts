import { ShoutError } from '../errors.ts';
import type { Random } from '../ports/randomness.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Bucket } from './rate-limit.ts';

/**
 * Messages of up to 1 KB that a room takes: three quarters of the 333 a second that its partition can write, so that
 * acknowledged messages are also numbered in time (docs/scale.md). A burst waits two seconds at most.
 */
const ROOM: Bucket = { burst: 500, perSecond: 250 };

/** Size of an item without the command: keys, actor, numbers. */
const ENVELOPE_BYTES = 400;

/**
 * Returns the bucket of a room for an event of this size. DynamoDB writes by the KB, so an event takes one token per
 * KB. The buckets of all sizes share one `fullAt`.
 */
export function roomBucket(bytes: number): Bucket {
  const kilobytes = Math.ceil((bytes + ENVELOPE_BYTES) / 1_024);
  return { burst: ROOM.burst / kilobytes, perSecond: ROOM.perSecond / kilobytes };
}

/** The waits are spread over this time, ms, because everyone who was refused waits for the same room. */
const SPREAD_MS = 1_000;

/**
 * Admits a message to its room, up to the room's ceiling.
 *
 * @throws ShoutError `rate_limited` with `retryAfterMs`, spread so that those who were refused together do not return together
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
