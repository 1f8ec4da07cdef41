import type { Cause, Failure, PostOutcome } from '../ports/gateway.ts';
import type { Delivery } from '../ports/workers.ts';

/** The failure of a connection whose post had not begun, or not ended, when the time of the delivery was over. */
export const LATE: Failure = { cause: 'late', reason: 'the time of the delivery was over' };

export function newDelivery(): Delivery {
  return { delivered: 0, gone: 0, failed: 0, expired: 0 };
}

/** Counts the outcome of one or several connections. */
export function note(delivery: Delivery, outcome: PostOutcome | 'expired', connections = 1): void {
  if (typeof outcome === 'string') {
    delivery[outcome] += connections;
    return;
  }
  const { cause, reason } = outcome;
  add(delivery, { ...newDelivery(), failed: connections, causes: { [cause]: connections }, reason });
}

export function add(total: Delivery, part: Delivery): void {
  for (const outcome of ['delivered', 'gone', 'failed', 'expired'] as const) total[outcome] += part[outcome];
  if (part.reason !== undefined) total.reason ??= part.reason;
  for (const [cause, count] of Object.entries(part.causes ?? {}) as [Cause, number][]) {
    total.causes ??= {};
    total.causes[cause] = (total.causes[cause] ?? 0) + count;
  }
}
