import type { EventLog } from '../ports/event-log.ts';
import { PAST } from '../reading/cursor.ts';
import { chatHistory, eventsAfter } from '../reading/history.ts';
import { type Item, type Target, without } from './without.ts';

const PAGE = 100;

/**
 * Whether readers of these rooms can still load a page that shows what is to be erased. Also true if a part of a room
 * cannot be read, because that part may show it.
 */
export async function pagesShow(target: Target, rooms: readonly string[], log: EventLog): Promise<boolean> {
  for (const room of rooms)
    if ((await historyShows(target, room, log)) || (await eventsShow(target, room, log))) return true;
  return false;
}

async function historyShows(target: Target, room: string, log: EventLog): Promise<boolean> {
  let before: number | null | undefined;
  while (before !== null) {
    const page = await chatHistory(log, room, before, PAGE);
    for (const { text, ...message } of page.messages) {
      const data = text === undefined ? {} : { text };
      if (shows(target, { ...message, room, type: 'MessagePosted', data })) return true;
    }
    // The page made no progress, because the index lacks the next events. They may hold the target.
    if (page.nextBefore === before) return true;
    before = page.nextBefore;
  }
  return false;
}

async function eventsShow(target: Target, room: string, log: EventLog): Promise<boolean> {
  let goal: number | undefined;
  for (let after = 0; ; ) {
    const { epoch, head, events } = await eventsAfter(log, room, after, PAGE);
    goal ??= head;
    if (epoch === PAST) {
      const { floor = 0 } = await log.head(room);
      // `PAST` means that the next events have expired, up to a number that `eventsAfter` stores in the head as the
      // floor. Reads on from the floor. If storing it failed, it is unknown where the remaining events begin, and they
      // may hold the target.
      if (floor <= after) return true;
      after = floor;
      continue;
    }
    const last = events.at(-1);
    // If `goal` is above `after`, the index lacks the events between them, which may hold the target.
    if (!last) return after < goal;
    if (events.some((event) => shows(target, { ...event, room }))) return true;
    after = last.seq;
  }
}

const shows = (target: Target, event: Item): boolean => without(target, event) !== event;
