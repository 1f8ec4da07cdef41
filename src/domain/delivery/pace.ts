import type { Clock, Sleep } from '../ports/clock.ts';
import type { Gateway } from '../ports/gateway.ts';

/** Waits of at most this many ms are skipped, because a timer can be late by about as much. */
const TOLERANCE_MS = 2;

/**
 * Wraps a gateway so that it begins at most `perSecond` posts a second, evenly spaced. A post that is answered with 429
 * also uses quota, so posting beyond the quota slows everybody down.
 */
export function paced(gateway: Gateway, perSecond: number, now: Clock, sleep: Sleep): Gateway {
  let next = now();
  return {
    async post(connectionId, frame, signal) {
      const slot = Math.max(next, now());
      next = slot + 1_000 / perSecond;
      const wait = slot - now();
      if (wait > TOLERANCE_MS) await sleep(wait);
      return gateway.post(connectionId, frame, signal);
    },
    close: (connectionId) => gateway.close(connectionId),
  };
}
