import { backoffSeconds } from '../numbering/parked.ts';
import type { Sequenced } from '../numbering/sequence.ts';
import type { Sleep } from '../ports/clock.ts';
import type { StoredEvent } from '../ports/event-log.ts';
import type { Parking } from '../ports/parking.ts';
import type { Random } from '../ports/randomness.ts';
import type { Delivery } from '../ports/workers.ts';
import { ATTEMPT_MS, type SequenceAndFanOutPorts, sequenceAndFanOut } from './sequence-and-fan-out.ts';

/** Maximum number of tries for a room in one invocation, the first included. */
const TRIES = 3;
const RETRY_MS = 200;
/**
 * Time after parking in which a room gets only one try in each invocation, ms. More tries would hold up the other rooms
 * of the batch.
 */
const TROUBLE_MS = 30_000;
/** Maximum number of rooms in `troubled`. It bounds memory, because a Lambda may live for hours. */
const MAX_ROOMS = 10_000;

export interface ServeOrParkPorts extends SequenceAndFanOutPorts {
  parking: Parking;
  /** Rooms whose events were parked lately, each with the time until which it gets only one try, ms since 1970. */
  troubled: Map<string, number>;
  random: Random;
  sleep: Sleep;
}

export type Served = { sequenced: Sequenced; delivery: Delivery } | { parked: number; error: unknown };

/**
 * Numbers and delivers new events of a room. Retries a few times. If the trouble lasts, parks the events, so that they
 * are numbered and delivered later. If they were not parked, the stream would retry the whole batch: the other rooms of
 * the batch would wait for this room, and would get their messages again with each retry.
 *
 * @param remaining returns the time until the invocation ends, ms
 * @throws if the events can be neither delivered nor parked
 */
export async function serveOrPark(
  room: string,
  events: readonly StoredEvent[],
  ports: ServeOrParkPorts,
  remaining: () => number,
): Promise<Served> {
  const { parking, troubled, random, sleep, now } = ports;
  const tries = (troubled.get(room) ?? 0) > now() ? 1 : TRIES;
  for (let attempt = 1; ; attempt++) {
    try {
      const served = await sequenceAndFanOut(room, events, ports, remaining);
      troubled.delete(room);
      return served;
    } catch (error) {
      if (attempt < tries && remaining() > ATTEMPT_MS) {
        await sleep(random() * RETRY_MS * 2 ** attempt);
        continue;
      }
      const ids = events.map(({ id }) => id);
      const { batchSize } = ports.log;
      for (let i = 0; i < ids.length; i += batchSize) {
        await parking.park({ room, ids: ids.slice(i, i + batchSize), attempt: 0 }, backoffSeconds(0, random));
      }
      if (troubled.size >= MAX_ROOMS) troubled.clear();
      troubled.set(room, now() + TROUBLE_MS);
      return { parked: ids.length, error };
    }
  }
}
