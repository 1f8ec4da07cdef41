import type { EventLog, Head, NumberedEvent } from '../ports/event-log.ts';

/**
 * Returns the floor: all events up to this number have expired. It is the highest number of an expired event in `met`,
 * the events just read, or `head.floor` if that is higher. Lower events have expired, too, as long as RETENTION_DAYS
 * stays the same. DynamoDB deletes expired events late and in any order, so some of them may still be in the table.
 */
export function floorOf(head: Head, met: readonly NumberedEvent[], now: number): number {
  return met.reduce((floor, event) => (isExpired(event, now) ? Math.max(floor, event.seq) : floor), head.floor ?? 0);
}

function isExpired({ expiresAt = Number.POSITIVE_INFINITY }: NumberedEvent, now: number): boolean {
  return expiresAt * 1_000 <= now;
}

/**
 * Whether every event below `first` has expired. False if `first` never expires, because the room then keeps its events
 * and a missing one has not expired.
 */
export async function isLowest(
  log: Pick<EventLog, 'readBefore' | 'now'>,
  room: string,
  first: NumberedEvent,
): Promise<boolean> {
  if (first.expiresAt === undefined) return false;
  const [below] = await log.readBefore(room, first.seq, 1);
  return below === undefined || isExpired(below, log.now());
}

/**
 * Stores the floor with the room's head if the head has no floor or a lower one. Readers work without a stored floor,
 * so a failure is ignored.
 */
export async function remember(
  log: Pick<EventLog, 'raiseFloor'>,
  room: string,
  head: Head,
  floor: number,
): Promise<void> {
  if (floor > (head.floor ?? 0)) await log.raiseFloor(room, head, floor).catch(() => {});
}
