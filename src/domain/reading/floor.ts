import type { EventLog, Head, NumberedEvent } from '../ports/event-log.ts';

/**
 * Events expire in the order of their numbers: everything up to a floor is gone, and numbers above it stay. Storage deletes
 * expired events late and in any order, so the floor is the highest expired event that a reader meets. The head remembers
 * it.
 */
export function floorOf(head: Head, met: readonly NumberedEvent[], now: number): number {
  return met.reduce((floor, event) => (isExpired(event, now) ? Math.max(floor, event.seq) : floor), head.floor ?? 0);
}

function isExpired({ expiresAt = Number.POSITIVE_INFINITY }: NumberedEvent, now: number): boolean {
  return expiresAt * 1_000 <= now;
}

/** Whether the first of these events is the lowest of a room whose old ones go. */
export async function isLowest(
  log: Pick<EventLog, 'readBefore' | 'now'>,
  room: string,
  first: NumberedEvent,
): Promise<boolean> {
  if (first.expiresAt === undefined) return false;
  const [below] = await log.readBefore(room, first.seq, 1);
  return below === undefined || isExpired(below, log.now());
}

/** Readers work without it, so its failure is not theirs. */
export async function remember(
  log: Pick<EventLog, 'raiseFloor'>,
  room: string,
  head: Head,
  floor: number,
): Promise<void> {
  if (floor > (head.floor ?? 0)) await log.raiseFloor(room, head, floor).catch(() => {});
}
