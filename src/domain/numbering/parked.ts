import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { Parked, Parking } from '../ports/parking.ts';
import type { Random } from '../ports/randomness.ts';

/** Longest wait: a minute, so that a room recovers soon after its trouble has passed. */
const MOST_SECONDS = 60;
/** Attempts of some three hours. After that the events are left to an operator. */
const MAX_ATTEMPTS = 200;

/**
 * Returns the wait before an attempt. Half of it is jitter, so that rooms which were parked together do not come back
 * together.
 */
export function backoffSeconds(attempt: number, random: Random): number {
  const most = Math.min(MOST_SECONDS, 2 ** attempt);
  return Math.ceil(most * (0.5 + random() / 2));
}

export interface RedrivePorts {
  log: Pick<EventLog, 'find'>;
  parking: Parking;
  random: Random;
  /** Numbers events of one room, and delivers them. */
  serve: (room: string, events: readonly StoredEvent[]) => Promise<unknown>;
  /** Whether storage refuses the events as they are, instead of being in trouble itself. */
  isRejection: (error: unknown) => boolean;
}

/**
 * Numbers parked events. Events that got their numbers meanwhile keep them. If storage is still in trouble, the events
 * are parked again for longer. If it refuses them, they are split, so that one event does not hold up the others.
 *
 * @returns why they were parked again, if they were
 * @throws if they cannot be parked again, or if the last attempt fails
 */
export async function redriveParked({ room, ids, attempt }: Parked, ports: RedrivePorts): Promise<unknown> {
  const { log, parking, random, serve, isRejection } = ports;
  try {
    const found = await Promise.all(ids.map((id) => log.find(room, id)));
    await serve(
      room,
      found.filter((event) => event !== undefined),
    );
    return undefined;
  } catch (error) {
    if (attempt >= MAX_ATTEMPTS) throw error;
    const park = (some: Parked['ids'], delay: number) => parking.park({ room, ids: some, attempt: attempt + 1 }, delay);
    if (ids.length > 1 && isRejection(error)) {
      const middle = Math.ceil(ids.length / 2);
      await Promise.all([park(ids.slice(0, middle), 0), park(ids.slice(middle), 0)]);
    } else await park(ids, backoffSeconds(attempt + 1, random));
    return error;
  }
}
