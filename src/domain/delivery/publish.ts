import { type Sequenced, sequence } from '../numbering/sequence.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connections } from '../ports/connections.ts';
import type { Delivery } from '../ports/deliveries.ts';
import type { EventLog, NewEvent } from '../ports/event-log.ts';
import type { Frame, Push } from '../ports/push.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { fanOut } from './fan-out.ts';
import { encodeEvents } from './frames.ts';
import { fanOutInSlices, type LargeRooms, readUpTo } from './large-room.ts';

export interface Ports {
  log: Pick<EventLog, 'openHead' | 'assign'>;
  connections: Pick<Connections, 'inRoom' | 'forget'>;
  push: Push;
  telemetry: Telemetry;
  now: Clock;
  /** Connections served at the same time. */
  concurrency: number;
  largeRooms?: LargeRooms;
}

/**
 * What a new event still needs once it is in the log: its number, and to be with everyone who is in the room.
 *
 * @param events at most MAX_BATCH, in the order in which they should be numbered
 * @throws where numbering them or listing the connections fails; then all of it may be done again
 */
export async function publish(room: string, events: readonly NewEvent[], ports: Ports): Promise<Sequenced> {
  const { log, telemetry, now } = ports;
  const sequenced = await sequence(log, room, events);
  const frames = encodeEvents(room, sequenced.epoch, sequenced.events);
  const delivery = await deliver(room, frames, ports);
  const { delivered, gone, failed, expired } = delivery;
  telemetry.count('Sequenced', sequenced.assigned);
  telemetry.count('Delivered', delivered);
  telemetry.count('Gone', gone);
  telemetry.count('Failed', failed);
  telemetry.count('Expired', expired);
  telemetry.measure('Connections', delivered + gone + failed + expired);
  for (const { at } of sequenced.events) telemetry.measure('DeliveryLatency', Math.max(0, now() - at));
  telemetry.log('info', 'published', { room, events: events.length, assigned: sequenced.assigned, ...delivery });
  return sequenced;
}

async function deliver(room: string, frames: readonly Frame[], ports: Ports): Promise<Delivery> {
  const { connections, concurrency, largeRooms } = ports;
  const pages = connections.inRoom(room);
  if (!largeRooms) return fanOut(pages, frames, concurrency, ports);
  const { first, rest } = await readUpTo(largeRooms.threshold, pages);
  return rest ? fanOutInSlices(first, rest, frames, largeRooms) : fanOut(single(first), frames, concurrency, ports);
}

async function* single<T>(page: T): AsyncGenerator<T> {
  yield page;
}
