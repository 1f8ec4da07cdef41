import type { Sequenced } from '../domain/numbering/sequence.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { Delivery } from '../domain/ports/workers.ts';

interface FanOut {
  room: string;
  sequenced: Sequenced;
  delivery: Delivery;
  /** ms since 1970. */
  endedAt: number;
}

/** Counts and logs the outcome of one room's part of a batch. */
export function reportFanOut(telemetry: Telemetry, { room, sequenced, delivery, endedAt }: FanOut): void {
  const { events, assigned } = sequenced;
  const { delivered, gone, failed, expired } = delivery;
  telemetry.count('Sequenced', assigned);
  telemetry.count('Delivered', delivered);
  telemetry.count('Gone', gone);
  telemetry.count('Failed', failed);
  telemetry.count('Expired', expired);
  telemetry.measure('Connections', delivered + gone + failed + expired);
  for (const { at } of events) telemetry.measure('DeliveryLatency', Math.max(0, endedAt - at));
  telemetry.log('info', 'fanned out', { room, events: events.length, assigned, ...delivery });
}
