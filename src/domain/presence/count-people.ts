import type { Clock } from '../ports/clock.ts';
import { type Connections, hasExpired } from '../ports/connections.ts';
import type { People } from '../ports/people.ts';

/** Age at which a count is out of date, ms. Deliveries keep the count fresh, but a quiet room has no deliveries. */
const OLD_MS = 60_000;

/**
 * Returns the number of people in a room, for the answer to a ping. The first ping that finds an old count counts the
 * connections. The other pings of that minute get the stored count.
 *
 * @returns undefined if the number is not known
 */
export async function countPeople(
  room: string,
  { people, connections, now }: { people: People; connections: Pick<Connections, 'inRoom'>; now: Clock },
): Promise<number | undefined> {
  const found = await people.find(room);
  const isOld = found === undefined || now() - found.at >= OLD_MS;
  if (!isOld || !(await people.claim(room, found, now()))) return found?.people;
  let count = 0;
  // Leaves out connections whose token has expired, as a delivery does. They get no more events, and the next event
  // closes them.
  for await (const page of connections.inRoom(room, new AbortController().signal))
    count += page.filter((connection) => !hasExpired(connection, now())).length;
  await people.keep(room, { people: count, at: now() });
  return count;
}
