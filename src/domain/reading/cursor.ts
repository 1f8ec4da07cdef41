import type { SequencedEvent } from '../schema.generated.ts';

/**
 * A reader's place in a room: the reader has applied all events up to the number `last`. The events in `held` arrived
 * early. Numbers are dense, so a reader at 41 that receives 43 holds it, knows that 42 is missing, and asks for 42.
 */
export interface Cursor {
  /** Random id of the room's numbering; another one if numbering restarts. Empty until the reader has received one. */
  readonly epoch: string;
  readonly last: number;
  /** Ascending, all above `last` + 1. */
  readonly held: readonly SequencedEvent[];
}

export type Step =
  /**
   * Apply `events` in this order. If `behind`, events after `last` are missing: fetch them from
   * `GET /events?after=last`.
   */
  | { kind: 'advance'; cursor: Cursor; events: readonly SequencedEvent[]; behind: boolean }
  /**
   * The received epoch differs from the cursor's, so the cursor is no longer valid. Load the room anew, and tell the
   * user interface that this happened (I7 of docs/guarantees.md).
   */
  | { kind: 'reset' };

/**
 * An epoch that no room has. The server answers with it if a reader asks for expired events, so that the reader loads
 * the room anew.
 */
export const PAST = 'past';

export const start: Cursor = { epoch: '', last: 0, held: [] };

/** Maximum number of events in `held`, to bound memory. Further events are dropped and fetched again later. */
const MAX_HELD = 1_000;

export function at(epoch: string, last: number): Cursor {
  return { epoch, last, held: [] };
}

/**
 * Takes in events in any order, any number of times. The returned events are last+1, last+2, … and nothing else (I4
 * of docs/guarantees.md).
 */
export function receive(cursor: Cursor, epoch: string, events: readonly SequencedEvent[]): Step {
  const adopted = adopt(cursor, epoch);
  if (!adopted) return { kind: 'reset' };
  const bySeq = new Map(adopted.held.map((event) => [event.seq, event]));
  for (const event of events) if (event.seq > adopted.last) bySeq.set(event.seq, event);
  const apply: SequencedEvent[] = [];
  let last = adopted.last;
  for (let next = bySeq.get(last + 1); next; next = bySeq.get(last + 1)) {
    bySeq.delete(next.seq);
    apply.push(next);
    last = next.seq;
  }
  const held = [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(0, MAX_HELD);
  return { kind: 'advance', cursor: { epoch: adopted.epoch, last, held }, events: apply, behind: held.length > 0 };
}

/**
 * Compares the cursor with the room's last number, `head`, from a pong or a page. Only the head shows that the room's
 * last event was lost on the way, because no event with a higher number follows it.
 */
export function compare(cursor: Cursor, epoch: string, head: number): Step {
  const adopted = adopt(cursor, epoch);
  if (!adopted) return { kind: 'reset' };
  // Within one epoch, a head below `last` comes from an older pong or page that arrived late.
  return { kind: 'advance', cursor: adopted, events: [], behind: head > adopted.last };
}

function adopt(cursor: Cursor, epoch: string): Cursor | undefined {
  if (epoch === cursor.epoch || epoch === '') return cursor;
  if (cursor.last === 0 && epoch !== PAST) return { epoch, last: 0, held: [] };
  return undefined;
}
