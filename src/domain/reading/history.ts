import { amendment } from '../feed/amendment.ts';
import { emptyFeed, evolve } from '../feed/feed.ts';
import { conceal } from '../governance/hide.ts';
import type { Rules } from '../governance/rules.ts';
import type { EventLog, NumberedEvent } from '../ports/event-log.ts';
import type { ChatHistoryPage, EventsPage, Message, RoomRules, SequencedEvent } from '../schema.generated.ts';
import { PAST } from './cursor.ts';
import { floorOf, isLowest, remember } from './floor.ts';
import { newestRun, runDown, runUp, settledUpTo } from './vacancy.ts';

type Log = Pick<EventLog, 'head' | 'now' | 'rules' | 'readBefore' | 'readAfter' | 'raiseFloor'>;

/**
 * Maximum number of `readBefore` calls for one page. Usually one call is enough. If few of the events that it returns
 * are messages, such as after a burst of deletions, further calls follow, each for twice as many events as the previous
 * one. If all calls together find too few messages, the page is short or empty, and `nextBefore` continues below
 * everything that was read.
 */
const MAX_READS = 5;

/**
 * Returns a page of messages as they are now, newest first: those with numbers below `before`, or the newest if
 * `before` is undefined.
 *
 * Pages are read from an index that is eventually consistent: it can show number 43 before 42. Numbers are dense, so
 * such a hole is visible. The newest page then begins at 41, and its `head` is 41. The reader gets 42 and 43 later,
 * like new events. An older page ends at 43 instead, and the next page continues below 43. A hole that lasts for more
 * than a minute is skipped (vacancy.ts).
 */
export async function chatHistory(
  log: Log,
  room: string,
  before: number | undefined,
  limit: number,
): Promise<ChatHistoryPage> {
  const head = await log.head(room);
  const now = log.now();
  let settled = settledUpTo([head], now);
  const events: SequencedEvent[] = [];
  let posted = 0;
  let top = head.seq;
  let cursor = before;
  let floor = head.floor ?? 0;
  let ended = head.seq === 0;
  for (let reads = 0; reads < MAX_READS && !ended && posted <= limit; reads++) {
    // Reads more events than `limit`, to see whether there is another page.
    const size = (limit + 1) * 2 ** reads;
    const read = await log.readBefore(room, cursor, size);
    floor = Math.max(floor, floorOf(head, read, now));
    const found = read.filter(({ seq }) => seq > floor);
    // Events up to the floor have expired, so no hole below the floor can fill any more.
    settled = Math.max(settled, settledUpTo(read, now), floor);
    let run: readonly NumberedEvent[] = found;
    if (cursor === undefined) {
      ({ top, run } = newestRun(found, settled));
      cursor = top + 1;
    } else {
      // If `before` is beyond the last number, the page starts at the newest event.
      cursor = Math.min(cursor, Math.max(head.seq, found[0]?.seq ?? 0) + 1);
      const hole = found[0]?.seq !== cursor - 1 && cursor - 1 > settled;
      if (hole) settled = Math.max(settled, settledUpTo(await log.readAfter(room, cursor - 1, 1), now));
      run = runDown(found, cursor - 1, settled);
    }
    events.push(...run);
    posted += run.filter(isPosted).length;
    cursor = run.at(-1)?.seq ?? cursor;
    // True if the index has no unexpired event below `cursor`, and no hole below `cursor` can still fill.
    ended = found.length < size && cursor - 1 <= settled;
    if (run.length === 0) break;
  }
  await remember(log, room, head, floor);
  // Reads the head again if the index shows a higher number, because the rules may have changed with the newer events.
  const rules = await log.rules(room, top > head.seq ? await log.head(room) : head);
  const messages = fold(events.map((event) => conceal(rules.hidden, event))).slice(0, limit);
  const full = posted > limit;
  const nextBefore = full ? messages.at(-1)!.seq : ended ? null : (cursor ?? null);
  const shown = before === undefined && rules.at > 0 ? { rules: shownOf(rules) } : {};
  return { epoch: head.epoch, head: top, messages, nextBefore, ...shown };
}

/** Returns the part of the rules that everyone may see. */
export function shownOf({ at, slow, locked, pinned }: Rules): RoomRules {
  return { at, ...(slow > 0 ? { slow } : {}), ...(locked ? { locked } : {}), ...(pinned ? { pinned } : {}) };
}

/**
 * Returns up to `limit` events after the number `after`, ascending and without a hole. A placeholder stands for a
 * number whose event is gone. If `after` is below the floor (the number up to which events have expired), the answer
 * has the epoch {@link PAST} and no events.
 */
export async function eventsAfter(log: Log, room: string, after: number, limit: number): Promise<EventsPage> {
  const head = await log.head(room);
  const [found, rules] = await Promise.all([
    head.seq > after ? log.readAfter(room, after, limit) : [],
    log.rules(room, head),
  ]);
  const now = log.now();
  const settled = settledUpTo([head, ...found], now);
  let floor = floorOf(head, found, now);
  const [first] = found;
  if (first && after >= floor && first.seq > after + 1 && first.seq <= settled && (await isLowest(log, room, first)))
    floor = first.seq - 1;
  await remember(log, room, head, floor);
  if (after < floor) return { epoch: PAST, head: head.seq, events: [] };
  const events = found.map(({ numberedAt: _, expiresAt: _at, ...event }) =>
    conceal(rules.hidden, event as SequencedEvent),
  );
  return {
    epoch: head.epoch,
    head: head.seq,
    events: runUp(events, after, limit, settled),
  };
}

/**
 * Folds the events of a page into messages. Drops an amendment if its message is on another page, because the stored
 * message is already amended.
 */
function fold(events: readonly SequencedEvent[]): readonly Message[] {
  const here = new Set<unknown>(events.filter(isPosted).map(({ id }) => id));
  const shown = events.filter((event) => isPosted(event) || here.has(amendment(event)?.target));
  return shown.reduce(evolve, emptyFeed).messages;
}

const isPosted = (event: SequencedEvent) => event.type === 'MessagePosted' && !event.data.voided;
