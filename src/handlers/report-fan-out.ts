import type { Sequenced } from '../domain/numbering/sequence.ts';
import type { Cause } from '../domain/ports/gateway.ts';
import type { Counter, Telemetry } from '../domain/ports/telemetry.ts';
import type { Delivery } from '../domain/ports/workers.ts';

interface FanOut {
  room: string;
  sequenced: Sequenced;
  delivery: Delivery;
  /** ms since 1970. */
  endedAt: number;
}

/**
 * The counter for each cause of a failed post. `throttled` has none here, because the counter `Throttled` already
 * counts each 429 when it arrives.
 */
const COUNTERS: Record<Exclude<Cause, 'throttled'>, Counter> = {
  silent: 'Silent',
  refused: 'Rejected',
  broken: 'Broken',
  late: 'Late',
};

/**
 * Counts and logs the outcome of one room's part of a batch. The log line also contains `delivery.reason`, which says
 * why the first of the failed posts failed.
 */
export function reportFanOut(telemetry: Telemetry, { room, sequenced, delivery, endedAt }: FanOut): void {
  const { events, assigned } = sequenced;
  const { delivered, gone, failed, expired, causes = {} } = delivery;
  telemetry.count('Sequenced', assigned);
  telemetry.count('Delivered', delivered);
  telemetry.count('Gone', gone);
  telemetry.count('Failed', failed);
  telemetry.count('Expired', expired);
  for (const [cause, counter] of Object.entries(COUNTERS)) telemetry.count(counter, causes[cause as Cause] ?? 0);
  telemetry.measure('Connections', delivered + gone + failed + expired);
  // If the delivery reached nobody, no latency is measured. In an outage, posts can fail quickly, which would look like
  // a fast delivery.
  if (delivered > 0) for (const { at } of events) telemetry.measure('DeliveryLatency', Math.max(0, endedAt - at));
  const level = failed > 0 ? (delivered > 0 ? 'warn' : 'error') : 'info';
  telemetry.log(level, 'fanned out', { room, events: events.length, assigned, ...delivery });
}
