import type { NewEvent } from '../ports/event-log.ts';
import { MAX_BATCH } from './sequence.ts';

/**
 * Numbers and delivers events that were left without a number, in the order in which they were appended. Safe beside the
 * fan-out and as often as you like: an event that got its number meanwhile keeps it.
 *
 * @param unnumbered room by room
 * @param publish see publish.ts
 * @returns how many there were
 */
export async function redrive(
  unnumbered: AsyncIterable<NewEvent>,
  publish: (room: string, events: readonly NewEvent[]) => Promise<unknown>,
): Promise<number> {
  let total = 0;
  for await (const events of byRoom(unnumbered)) {
    events.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    for (let i = 0; i < events.length; i += MAX_BATCH) await publish(events[0]!.room, events.slice(i, i + MAX_BATCH));
    total += events.length;
  }
  return total;
}

async function* byRoom(events: AsyncIterable<NewEvent>): AsyncGenerator<NewEvent[]> {
  let room: NewEvent[] = [];
  for await (const event of events) {
    if (room[0] && room[0].room !== event.room) {
      yield room;
      room = [];
    }
    room.push(event);
  }
  if (room.length > 0) yield room;
}
