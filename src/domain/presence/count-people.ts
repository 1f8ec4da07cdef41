import type { Clock } from '../ports/clock.ts';
import { type Connections, hasExpired } from '../ports/connections.ts';
import type { People } from '../ports/people.ts';

/** Age at which a count is out of date, ms. Deliveries keep the count fresh, but a quiet room has no deliveries. */
const OLD_MS = 60_000;

/**
 * Returns the number of people in a room, for the answer to a ping. Connections are counted, not persons. Usually the
 * number is stored already. If it is missing, or at least a minute old, one ping counts: it lists the connections and
 * stores their number. Other pings get the old number meanwhile.
 *
 * @returns undefined if no number is stored, because another ping has begun the room's first count
 */
export async function countPeople(
  room: string,
  { people, connections, now }: { people: People; connections: Pick<Connections, 'inRoom'>; now: Clock },
): Promise<number | undefined> {
  const found = await people.find(room);
  const isOld = found === undefined || now() - found.at >= OLD_MS;
  if (!isOld || !(await people.claim(room, found, now()))) return found?.people;
  let count = 0;
  // Leaves out connections whose token has expired, as a delivery does. They get no more events, and the next delivery
  // closes them.
  for await (const page of connections.inRoom(room, new AbortController().signal))
    count += page.filter((connection) => !hasExpired(connection, now())).length;
  await people.keep(room, { people: count, at: now() });
  return count;
}
