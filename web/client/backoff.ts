/**
 * Returns a wait in ms, by exponential backoff with full jitter: a random time below `base * 2 ** attempt` and below
 * `cap`. Clients that lost the server at the same moment then return at different moments (AWS Architecture Blog,
 * "Exponential Backoff And Jitter").
 */
export function fullJitter(attempt: number, random: () => number, base = 1_000, cap = 30_000): number {
  return random() * Math.min(cap, base * 2 ** attempt);
}

/**
 * Rate at which all clients of a room together connect again. API Gateway accepts 500 new connections a second. The
 * remaining 100 are for new visitors and for uneven spread.
 */
const DIALS_PER_SECOND = 400;
/**
 * Rate at which all clients of a room together ask for events. It is higher in rooms of more than 42,000 people,
 * because no client waits longer than `LONGEST_TURN_MS`. `GET /events` takes 1,000 requests a second
 * (resources/extensions.yml). The remaining 300 are for uneven spread.
 */
const READS_PER_SECOND = 700;
const FIRST_DIAL_MS = 1_000;
const NEXT_DIAL_MS = 2_500;
const LONGEST_TURN_MS = 60_000;

/**
 * Returns the wait in ms before a client connects again. Everybody in the room may have lost the connection, so the
 * clients wait for random times within a period that is long enough for all of them at `DIALS_PER_SECOND`. After a
 * failed attempt, a client tries again a whole number of periods after that attempt began. It does not count from the
 * attempt's end, because a server may end many attempts at once, and these clients would then all return together.
 *
 * @param people how many are in the room; 0 if that is unknown, and then the wait is {@link fullJitter}
 * @param sinceDial ms since the failed attempt began; undefined if a connection was lost
 */
export function dialWait(attempt: number, people: number, random: () => number, sinceDial?: number): number {
  if (people === 0) return fullJitter(attempt, random);
  const turn = Math.max(attempt > 0 ? NEXT_DIAL_MS : FIRST_DIAL_MS, (people * 1_000) / DIALS_PER_SECOND);
  return sinceDial === undefined ? random() * turn : turn - (sinceDial % turn);
}

/**
 * Returns the period in ms over which the clients of a room spread one request each. It follows from
 * `READS_PER_SECOND`, but is at most a minute.
 */
export function readTurn(people: number): number {
  return Math.min(LONGEST_TURN_MS, (people * 1_000) / READS_PER_SECOND);
}
