import { ShoutError } from '../errors.ts';
import type { Random } from '../ports/randomness.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Bucket } from './rate-limit.ts';

/**
 * The bucket of a room for events of up to 1 KB. The room's DynamoDB partition can write 333 of these a second: 1,000
 * write units at 3 an event (docs/scale.md). The bucket's rate is three quarters of 333, so that numbering keeps up.
 * The events of a full burst get their numbers within about two seconds.
 */
const ROOM: Bucket = { burst: 500, perSecond: 250 };

/** Estimated number of bytes that the item of an event has besides the command: keys, actor, numbers. */
const ENVELOPE_BYTES = 400;

/**
 * Returns the room's bucket for a command of this many bytes. DynamoDB counts each write in whole KB, so one event
 * of n KB must take as much as n events of 1 KB. Its bucket therefore has 1/n of the tokens and of the rate, and the
 * buckets of all sizes share the room's stored `fullAt` (see {@link Bucket}).
 */
export function roomBucket(bytes: number): Bucket {
  const kilobytes = Math.ceil((bytes + ENVELOPE_BYTES) / 1_024);
  return { burst: ROOM.burst / kilobytes, perSecond: ROOM.perSecond / kilobytes };
}

/**
 * Time over which waits are spread, ms. All senders who were refused wait for the same bucket to refill, and should not
 * come back at the same moment.
 */
const SPREAD_MS = 1_000;

/**
 * Takes one token for a message from the bucket of its room.
 *
 * @throws ShoutError `rate_limited` with `retryAfterMs`, which is lengthened at random (`SPREAD_MS`)
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
