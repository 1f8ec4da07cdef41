import { ShoutError } from '../errors.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';

/**
 * Takes the turn of a person in a room in slow mode, where a person's messages are `seconds` apart.
 * @throws ShoutError `rate_limited` with the rule `slow` and `retryAfterMs`
 */
export async function takeTurn(limiter: RateLimiter, room: string, actorId: string, seconds: number): Promise<void> {
  try {
    // The key holds the seconds, so that a changed rule begins with a full bucket.
    await limiter.take(`SLOW#${room}#${seconds}#${actorId}`, { burst: 1, perSecond: 1 / seconds });
  } catch (error) {
    if (!(error instanceof ShoutError) || error.code !== 'rate_limited') throw error;
    const { retryAfterMs } = error;
    const message = `Here messages of one person are ${seconds} s apart.`;
    throw new ShoutError('rate_limited', message, { rule: 'slow', retryAfterMs, cause: error });
  }
}
