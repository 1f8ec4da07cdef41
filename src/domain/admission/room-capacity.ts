import { ShoutError } from '../errors.ts';
import type { Random } from '../ports/randomness.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Bucket } from './rate-limit.ts';

/**
 * Messages of up to 1 KB that a room takes: three quarters of the 333 a second that its partition can write, so that what
 * was acknowledged is also numbered in time (docs/scale.md). A burst waits two seconds at most.
 */
const ROOM: Bucket = { burst: 500, perSecond: 250 };

/** The rest of an item: keys, actor, numbers. */
const ENVELOPE_BYTES = 400;

/**
 * The bucket of a room for an event of this size. DynamoDB writes by the KB, so a larger event takes as many tokens; the
 * time at which the bucket is full again is the same for all sizes.
 */
export function roomBucket(bytes: number): Bucket {
  const kilobytes = Math.ceil((bytes + ENVELOPE_BYTES) / 1_024);
  return { burst: ROOM.burst / kilobytes, perSecond: ROOM.perSecond / kilobytes };
}

/** Everyone who was refused waits for the same room. */
const SPREAD_MS = 1_000;

/**
 * Admits a message near the ceiling of its room.
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
