import type { Clock, Sleep } from '../ports/clock.ts';
import type { Gateway } from '../ports/gateway.ts';

/** A timer is no finer, and a post this early disturbs nobody. */
const TOLERANCE_MS = 2;

/**
 * A gateway that begins at most so many posts a second, evenly: answering 429 costs the account a request as well, so
 * posting into an exhausted quota makes everybody slower.
 */
export function paced(gateway: Gateway, perSecond: number, now: Clock, sleep: Sleep): Gateway {
  let next = now();
  return {
    async post(connectionId, frame) {
      const slot = Math.max(next, now());
      next = slot + 1_000 / perSecond;
      const wait = slot - now();
      if (wait > TOLERANCE_MS) await sleep(wait);
      return gateway.post(connectionId, frame);
    },
    close: (connectionId) => gateway.close(connectionId),
  };
}
