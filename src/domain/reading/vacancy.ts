import type { NumberedEvent } from '../ports/event-log.ts';
import type { SequencedEvent } from '../schema.generated.ts';

/**
 * Time after which a missing number counts as vacant, ms. Vacant means that its event is gone, for example because an
 * operator deleted it or restored a table. A number that is missing for less time may still appear, because pages are
 * read from an index that lags behind the log. AWS names no maximum for the lag.
 */
const SETTLED_AFTER_MS = 60_000;

/** A number and the time at which it was given, by the log's clock. */
type Numbered = Pick<NumberedEvent, 'seq' | 'numberedAt'>;

/**
 * Returns the number up to which missing numbers are vacant; 0 if there is none. Numbers are given in order, so a
 * missing number is vacant if that number or a higher one was given more than 60 s ago.
 *
 * @param given the room's head, and events as the index shows them
 * @param now the time by the log's clock
 */
export function settledUpTo(given: readonly Numbered[], now: number): number {
  return given.reduce(
    (highest, { seq, numberedAt }) => (now - numberedAt > SETTLED_AFTER_MS ? Math.max(highest, seq) : highest),
    0,
  );
}

/** Returns a placeholder for a number whose event is gone, so that readers can continue past it. */
export function vacant(seq: number): SequencedEvent {
  return { seq, id: `vacant:${seq}`, type: 'NumberVacant', at: 0, actor: NOBODY, data: {} };
}

const NOBODY = { id: '-'.repeat(22), name: 'nobody' };

/**
 * Returns the events that a reader can start from: those below the lowest hole that may still fill, or all if there is
 * no such hole.
 *
 * @param descending the newest events
 * @param settled the number up to which missing numbers are vacant
 * @returns `run`: these events; `top`: the number of the newest of them, or a higher number if all numbers up to it are
 *   vacant
 */
export function newestRun<E extends SequencedEvent>(
  descending: readonly E[],
  settled: number,
): { top: number; run: readonly E[] } {
  for (let i = descending.length - 1; i > 0; i--) {
    const below = descending[i]!.seq;
    const hole = descending[i - 1]!.seq - 1;
    if (hole > below && hole > settled) return { top: below, run: descending.slice(i) };
  }
  return { top: Math.max(descending[0]?.seq ?? 0, settled), run: descending };
}

/** Returns the events from `top` down to the first hole that may still fill. */
export function runDown<E extends SequencedEvent>(
  descending: readonly E[],
  top: number,
  settled: number,
): readonly E[] {
  const end = descending.findIndex(({ seq }, index) => {
    const expected = index === 0 ? top : descending[index - 1]!.seq - 1;
    return seq !== expected && expected > settled;
  });
  return end === -1 ? descending : descending.slice(0, end);
}

/**
 * Returns up to `limit` events above `after`, with a placeholder for each vacant number, up to the first hole that may
 * still fill.
 *
 * @param ascending the events above `after`
 */
export function runUp(
  ascending: readonly SequencedEvent[],
  after: number,
  limit: number,
  settled: number,
): SequencedEvent[] {
  const bySeq = new Map(ascending.map((event) => [event.seq, event]));
  const run: SequencedEvent[] = [];
  for (let seq = after + 1; run.length < limit; seq++) {
    const event = bySeq.get(seq) ?? (seq <= settled ? vacant(seq) : undefined);
    if (!event) break;
    run.push(event);
  }
  return run;
}
