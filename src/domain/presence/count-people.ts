import type { Clock } from '../ports/clock.ts';
import { type Connections, hasExpired } from '../ports/connections.ts';
import type { People } from '../ports/people.ts';

/** Age at which a count is out of date, ms. Deliveries keep it fresh, but a quiet room has none. */
const OLD_MS = 60_000;

/**
 * Returns the number of people in a room, for the answer to a ping. The first ping that finds an old count counts the
 * connections. The other pings of that minute get the last count.
 *
 * @returns undefined if it is not known
 */
export async function countPeople(
  room: string,
  { people, connections, now }: { people: People; connections: Pick<Connections, 'inRoom'>; now: Clock },
): Promise<number | undefined> {
  const found = await people.find(room);
  const isOld = found === undefined || now() - found.at >= OLD_MS;
  if (!isOld || !(await people.claim(room, found, now()))) return found?.people;
  let count = 0;
  // Counts like a delivery: a connection whose token has ended gets no more events, and the next event closes it.
  for await (const page of connections.inRoom(room, new AbortController().signal))
    count += page.filter((connection) => !hasExpired(connection, now())).length;
  await people.keep(room, { people: count, at: now() });
  return count;
}
