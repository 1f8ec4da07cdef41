import type { Clock } from '../ports/clock.ts';
import type { Push } from '../ports/push.ts';

/** A timer is no finer, and a post this early disturbs nobody. */
const TOLERANCE_MS = 2;

/**
 * A push that begins at most so many posts a second, evenly: answering 429 costs the account a request as well, so
 * posting into an exhausted quota makes everybody slower.
 */
export function paced(push: Push, perSecond: number, now: Clock): Push {
  let next = now();
  return {
    async post(connectionId, frame) {
      const slot = Math.max(next, now());
      next = slot + 1_000 / perSecond;
      const wait = slot - now();
      if (wait > TOLERANCE_MS) await new Promise((resolve) => setTimeout(resolve, wait));
      return push.post(connectionId, frame);
    },
    close: (connectionId) => push.close(connectionId),
  };
}
