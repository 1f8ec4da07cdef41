import { amendment } from '../feed/amendment.ts';
import { emptyFeed, evolve } from '../feed/feed.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ChatHistoryPage, EventsPage, Message, SequencedEvent } from '../schema.generated.ts';

type Log = Pick<EventLog, 'head' | 'readBefore' | 'readAfter'>;

/**
 * Reads that one page may take, each twice as long as the one before. Where few events are messages, such as after a
 * burst of deletions, the page is then short or empty, but not wrong, and `nextBefore` leads on below all that was read.
 */
const MAX_READS = 5;

/**
 * A page of messages as they are now, newest first, below `before` (exclusive; the newest, where undefined).
 *
 * The index that holds the numbers is eventually consistent: its newest end can show 43 without 42. Numbers are dense,
 * so that is seen here. The newest page then begins below the hole and its `head` says so: the reader gets the rest
 * live. An older page ends above the hole and its `nextBefore` leads on from there.
 */
export async function chatHistory(
  log: Log,
  room: string,
  before: number | undefined,
  limit: number,
): Promise<ChatHistoryPage> {
  const head = await log.head(room);
  const events: SequencedEvent[] = [];
  let posted = 0;
  let top = 0;
  // A cursor beyond the head means the head.
  let cursor = before === undefined ? undefined : Math.min(before, head.seq + 1);
  let ended = head.seq === 0;
  for (let read = 0; read < MAX_READS && !ended && posted <= limit; read++) {
    // One more than asked for, so that a full page knows whether there is another.
    const found = await log.readBefore(room, cursor, (limit + 1) * 2 ** read);
    const run = cursor === undefined ? belowHole(found) : downTo(found, cursor);
    events.push(...run);
    posted += run.filter(isPosted).length;
    if (cursor === undefined) top = run[0]?.seq ?? 0;
    // Numbers begin at 1: nothing found below a higher one means that the index does not show it yet.
    ended = run.at(-1)?.seq === 1 || (cursor === undefined && run.length === 0);
    if (run.length === 0) break;
    cursor = run.at(-1)!.seq;
  }
  const messages = fold(events).slice(0, limit);
  const full = posted > limit;
  const nextBefore = full ? messages.at(-1)!.seq : ended ? null : (cursor ?? null);
  return { epoch: head.epoch, head: before === undefined ? top : head.seq, messages, nextBefore };
}

/** Events after `after`, ascending and without a hole: the reader applies them as they are. */
export async function eventsAfter(log: Log, room: string, after: number, limit: number): Promise<EventsPage> {
  const head = await log.head(room);
  const events = head.seq > after ? upTo(await log.readAfter(room, after, limit), after) : [];
  return { epoch: head.epoch, head: head.seq, events };
}

/** Leaves out amendments of messages that are not on the page: their items show them already. */
function fold(events: readonly SequencedEvent[]): readonly Message[] {
  const here = new Set<unknown>(events.filter(isPosted).map(({ id }) => id));
  const shown = events.filter((event) => isPosted(event) || here.has(amendment(event)?.target));
  return shown.reduce(evolve, emptyFeed).messages;
}

const isPosted = ({ type }: SequencedEvent) => type === 'MessagePosted';

/** The part of a descending run that lies below its lowest hole. */
function belowHole(descending: readonly SequencedEvent[]): readonly SequencedEvent[] {
  for (let i = descending.length - 1; i > 0; i--) {
    if (descending[i - 1]!.seq !== descending[i]!.seq + 1) return descending.slice(i);
  }
  return descending;
}

/** The events below `before`, descending, up to the first hole. */
function downTo(descending: readonly SequencedEvent[], before: number): readonly SequencedEvent[] {
  const hole = descending.findIndex((event, index) => event.seq !== before - 1 - index);
  return hole === -1 ? descending : descending.slice(0, hole);
}

/** The events above `after`, ascending, up to the first hole. */
function upTo(ascending: readonly SequencedEvent[], after: number): SequencedEvent[] {
  const hole = ascending.findIndex((event, index) => event.seq !== after + 1 + index);
  return hole === -1 ? [...ascending] : ascending.slice(0, hole);
}
