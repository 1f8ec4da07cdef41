import type { EventLog, StoredEvent } from '../ports/event-log.ts';
import type { Parked, Parking } from '../ports/parking.ts';
import type { Random } from '../ports/randomness.ts';

/** Maximum wait before an attempt, seconds. It is short, so that a room recovers soon after numbering works again. */
const MOST_SECONDS = 60;
/**
 * Maximum number of times that events are parked again; the waits add up to about two and a half hours. If the attempt
 * after the last wait fails too, the queue repeats it a few times (`maxReceiveCount` in resources/failures.yml). Then
 * the events are left to an operator, three hours after they were first parked, or later if the attempts are slow.
 */
const MAX_PARKED_AGAIN = 200;

/**
 * Returns the wait before an attempt, whole seconds. Up to half of it is jitter, so that events of several rooms that
 * were parked at the same time do not come back at the same time.
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
  /** `true` if the storage has rejected the request as invalid, so that the same request can never succeed. */
  isRejection: (error: unknown) => boolean;
}

/**
 * Numbers and delivers parked events. Events that got their numbers meanwhile keep them. If numbering or delivery
 * fails, for example because the storage is still in trouble, the events are parked again. The waits grow from attempt
 * to attempt, up to a minute. If the storage rejects several events together, they are parked again in two halves,
 * without a wait. After some such rounds, an event that the storage rejects is alone, and does not hold up the others.
 *
 * @returns the error because of which the events were parked again; undefined if there was none
 * @throws if the events cannot be parked again, or if the last attempt fails
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
    if (attempt >= MAX_PARKED_AGAIN) throw error;
    const park = (some: Parked['ids'], delay: number) => parking.park({ room, ids: some, attempt: attempt + 1 }, delay);
    if (ids.length > 1 && isRejection(error)) {
      const middle = Math.ceil(ids.length / 2);
      await Promise.all([park(ids.slice(0, middle), 0), park(ids.slice(middle), 0)]);
    } else await park(ids, backoffSeconds(attempt + 1, random));
    return error;
  }
}
