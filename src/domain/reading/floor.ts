import type { EventLog, Head, NumberedEvent } from '../ports/event-log.ts';

/**
 * Returns the floor: the number up to which events are gone. It is the highest number of an expired event in `met`, or
 * the floor in the head if that is higher. Events below an expired one count as expired, because events expire in the
 * order of their numbers as long as RETENTION_DAYS stays the same. The storage deletes them late and in any order.
 */
export function floorOf(head: Head, met: readonly NumberedEvent[], now: number): number {
  return met.reduce((floor, event) => (isExpired(event, now) ? Math.max(floor, event.seq) : floor), head.floor ?? 0);
}

function isExpired({ expiresAt = Number.POSITIVE_INFINITY }: NumberedEvent, now: number): boolean {
  return expiresAt * 1_000 <= now;
}

/** Whether `first` will expire, and is the lowest event of the room that has not expired yet. */
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
