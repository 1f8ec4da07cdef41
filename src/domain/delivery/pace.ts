import type { Clock, Sleep } from '../ports/clock.ts';
import type { Gateway } from '../ports/gateway.ts';

/** Timers are no more precise than this. */
const TOLERANCE_MS = 2;

/**
 * Wraps a gateway so that it begins at most `perSecond` posts a second, evenly. A post that is answered with 429 uses up
 * quota as well, so posting into an exhausted quota makes everybody slower.
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
