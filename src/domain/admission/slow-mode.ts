import { ShoutError } from '../errors.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';

/**
 * Takes a person's turn to write in a room in slow mode, where the messages of one person are `seconds` apart.
 * @throws ShoutError `rate_limited` with the rule `slow` and `retryAfterMs`, if it is not the person's turn yet
 */
export async function takeTurn(limiter: RateLimiter, room: string, actorId: string, seconds: number): Promise<void> {
  try {
    // The key contains `seconds`, so that nobody waits for the end of the old interval after a moderator has changed
    // `seconds`.
    await limiter.take(`SLOW#${room}#${seconds}#${actorId}`, { burst: 1, perSecond: 1 / seconds });
  } catch (error) {
    if (!(error instanceof ShoutError) || error.code !== 'rate_limited') throw error;
    const { retryAfterMs } = error;
    const message = `Here messages of one person are ${seconds} s apart.`;
    throw new ShoutError('rate_limited', message, { rule: 'slow', retryAfterMs, cause: error });
  }
}
