import type { StoredEvent } from '../ports/event-log.ts';

/**
 * Numbers and fans out the events that have no number, those of a room in the order of their `at`. An operator starts
 * it (`npm run redrive`); the Lambda `redrive` is numbering/parked.ts. It may be repeated, and may run at the same time
 * as the Lambda `fanOut`, because an event that got its number meanwhile keeps it. A repetition does not fan out events
 * that a failed run has already numbered. Clients notice that those are missing, and fetch them.
 *
 * @param unnumbered events without a number; all events of one room come before those of the next
 * @param batchSize maximum number of events that one transaction numbers
 * @param sequenceAndFanOut see delivery/sequence-and-fan-out.ts
 * @returns the number of events
 */
export async function redrive(
  unnumbered: AsyncIterable<StoredEvent>,
  batchSize: number,
  sequenceAndFanOut: (room: string, events: readonly StoredEvent[]) => Promise<unknown>,
): Promise<number> {
  let total = 0;
  for await (const events of byRoom(unnumbered)) {
    events.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    for (let i = 0; i < events.length; i += batchSize) {
      await sequenceAndFanOut(events[0]!.room, events.slice(i, i + batchSize));
    }
    total += events.length;
  }
  return total;
}

async function* byRoom(events: AsyncIterable<StoredEvent>): AsyncGenerator<StoredEvent[]> {
  let room: StoredEvent[] = [];
  for await (const event of events) {
    if (room[0] && room[0].room !== event.room) {
      yield room;
      room = [];
    }
    room.push(event);
  }
  yield room;
}
