import { type Sequenced, sequence } from '../numbering/sequence.ts';
import type { Connections } from '../ports/connections.ts';
import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { Frame } from '../ports/gateway.ts';
import type { Delivery } from '../ports/workers.ts';
import { type FanOutPorts, fanOut } from './fan-out.ts';
import { encodeEvents } from './frames.ts';
import { fanOutInSlices, type LargeRooms, readUpTo } from './large-room.ts';

export interface SequenceAndFanOutPorts extends FanOutPorts {
  log: Pick<EventLog, 'batchSize' | 'openHead' | 'assign'>;
  connections: Pick<Connections, 'inRoom' | 'forget'>;
  /** Connections posted to at the same time. */
  concurrency: number;
  largeRooms?: LargeRooms;
}

/**
 * Numbers new events of a room and posts them to everyone who is in it.
 *
 * @param events at most `log.batchSize`, in the order in which they should be numbered
 * @throws if numbering them or listing the connections fails; the call may then be repeated
 */
export async function sequenceAndFanOut(
  room: string,
  events: readonly StoredEvent[],
  ports: SequenceAndFanOutPorts,
): Promise<{ sequenced: Sequenced; delivery: Delivery }> {
  const sequenced = await sequence(ports.log, room, events);
  const frames = encodeEvents(room, sequenced.epoch, sequenced.events);
  return { sequenced, delivery: await fanOutToRoom(room, frames, ports) };
}

async function fanOutToRoom(room: string, frames: readonly Frame[], ports: SequenceAndFanOutPorts): Promise<Delivery> {
  const { connections, concurrency, largeRooms } = ports;
  const pages = connections.inRoom(room);
  if (!largeRooms) return fanOut(pages, frames, concurrency, ports);
  const { first, rest } = await readUpTo(largeRooms.threshold, pages);
  return rest ? fanOutInSlices(first, rest, frames, largeRooms) : fanOut(single(first), frames, concurrency, ports);
}

async function* single<T>(page: T): AsyncGenerator<T> {
  yield page;
}
