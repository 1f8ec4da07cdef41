import { deleteMessage } from '../commands/delete-message.ts';
import { execute } from '../commands/execute.ts';
import { forEachConcurrently } from '../delivery/for-each-concurrently.ts';
import { ShoutError } from '../errors.ts';
import { eventId } from '../feed/event-id.ts';
import { OPERATOR } from '../governance/operator.ts';
import type { Clock, Sleep } from '../ports/clock.ts';
import type { EventLog, NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { CreateId } from '../ports/randomness.ts';
import type { StoredItems } from '../ports/stored-items.ts';
import type { Actor, ActorId, EventId } from '../schema.generated.ts';
import { pseudonym } from '../text/anonymous.ts';
import { pagesShow } from './pages.ts';
import { type Item, isEvent, isTargeted, type Said, type Target, without } from './without.ts';

export interface ErasePorts {
  items: StoredItems;
  log: EventLog;
  now: Clock;
  sleep: Sleep;
  createId: CreateId;
}

/** Progress, reported after every page of a table. */
export interface Progress {
  /** Number of the pass over both tables (Events and State), counted from 1. */
  round: number;
  looked: number;
  erased: number;
}

export interface Erased {
  /**
   * Whether nothing is left to erase: the last pass over both tables found nothing, and neither did a look at the pages
   * that readers load.
   */
  proven: boolean;
  /** Number of items of both tables that the last pass looked at. */
  looked: number;
  events: number;
  rows: number;
  rooms: readonly string[];
  /** Rooms whose `PersonErased` event got no number in time, so that their readers have not been told yet. */
  untold: readonly string[];
  /** Messages of other people that hold an erased name, for the operator to look at; at most the first 50. */
  mentions: readonly { room: string; id: EventId }[];
}

/** Maximum number of passes. If the person keeps writing, each pass finds something new. */
const MAX_ROUNDS = 5;
const AT_ONCE = 20;
/** Maximum wait until the `PersonErased` event has its number, ms. The fan-out normally needs less than a second. */
const NUMBERED_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 200;
const MAX_NAMES = 100;
const MAX_MENTIONS = 50;

/**
 * Erases a person or a message from the Events and State tables, and tells the readers. Goes over both tables, five
 * times at most, until a pass finds nothing to erase and no page that readers load shows the target. After an
 * interruption, the next call erases what is left.
 *
 * An erased message keeps its number. To erase a person, each pass rewrites the items first, so that no page shows the
 * person. Then an event in each of the person's rooms tells readers to drop the person's messages that they have
 * loaded.
 *
 * @throws ShoutError `invalid_message` if there is no such message
 */
export async function erase(target: Target, ports: ErasePorts, progress: (at: Progress) => void): Promise<Erased> {
  if ('message' in target) await removeMessage(target, ports);
  const found = { events: 0, rows: 0, rooms: new Map<string, number>(), names: new Map<string, RegExp>() };
  const untold = new Set<string>();
  for (let round = 1; ; round++) {
    const { looked, erased, mentions } = await eraseOnce(target, ports, found, (done) => progress({ round, ...done }));
    if ('person' in target) {
      for (const [room, last] of found.rooms) {
        if (await tell(target.person, room, last, ports)) untold.delete(room);
        else untold.add(room);
      }
    }
    const rooms = [...found.rooms.keys()].sort();
    // Checks the pages too, because they are read from an index, which lags behind the log.
    const proven = erased === 0 && !(await pagesShow(target, rooms, ports.log));
    if (!proven && round < MAX_ROUNDS) {
      if (erased === 0) await ports.sleep(1_000);
      continue;
    }
    return { proven, looked, events: found.events, rows: found.rows, rooms, untold: [...untold], mentions };
  }
}

interface Found {
  events: number;
  rows: number;
  /** The rooms that hold events of the target, each with the highest number of such an event. */
  rooms: Map<string, number>;
  /** The erased names, each with a pattern that finds it in a text. */
  names: Map<string, RegExp>;
}

async function eraseOnce(
  target: Target,
  { items }: ErasePorts,
  found: Found,
  progress: (at: Omit<Progress, 'round'>) => void,
): Promise<{ looked: number; erased: number; mentions: Erased['mentions'] }> {
  const mentions: { room: string; id: EventId }[] = [];
  let [looked, erased] = [0, 0];
  const visit = async (item: Item): Promise<void> => {
    looked++;
    note(target, item, found);
    if (mentions.length < MAX_MENTIONS && isMention(target, item, found.names))
      mentions.push({ room: item.room, id: item.id });
    const left = without(target, item);
    if (left === item) return;
    erased++;
    if (!isEvent(item)) {
      if (await items.replaceRow(item, left)) found.rows++;
      return;
    }
    if ('person' in target && isTargeted(target, item)) noteName(item.actor, found.names);
    if (await items.replaceEvent(left as unknown as StoredEvent)) found.events++;
  };
  for (const pages of [items.events(), items.rows()]) {
    await forEachConcurrently(
      withProgress(pages, () => progress({ looked, erased })),
      AT_ONCE,
      visit,
    );
  }
  return { looked, erased, mentions };
}

function note(target: Target, item: Item, { rooms }: Found): void {
  if (!isEvent(item) || !isTargeted(target, item)) return;
  rooms.set(item.room, Math.max(rooms.get(item.room) ?? 0, Number(item.seq ?? 0)));
}

/** Characters that have a meaning in a regular expression. */
const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;

function noteName(actor: Actor, names: Found['names']): void {
  if (actor.name === pseudonym(actor.id) || names.has(actor.name) || names.size >= MAX_NAMES) return;
  names.set(actor.name, new RegExp(`(?<![\\p{L}\\p{N}])${actor.name.replace(SYNTAX, '\\$&')}(?![\\p{L}\\p{N}])`, 'iu'));
}

function isMention(target: Target, item: Item, names: Found['names']): item is Said {
  if (!isEvent(item) || isTargeted(target, item)) return false;
  const { text } = item.data;
  return typeof text === 'string' && [...names.values()].some((name) => name.test(text));
}

async function* withProgress<T>(pages: AsyncIterable<T>, after: () => void): AsyncGenerator<T> {
  for await (const page of pages) {
    yield page;
    after();
  }
}

/** Deletes the message as the operator. The event of the deletion tells the readers to drop the text. */
async function removeMessage(
  { room, message }: Extract<Target, { message: EventId }>,
  ports: ErasePorts,
): Promise<void> {
  const { log, now, createId } = ports;
  const found = await log.find(room, message);
  if (found?.type !== 'MessagePosted') {
    throw new ShoutError('invalid_message', `There is no message ${message} in the room ${room}.`);
  }
  const context = {
    ...{ room, actor: OPERATOR, clientMessageId: createId(), at: now() },
    limits: { textGraphemes: 0 },
  };
  // `execute` does not call these ports, because a deletion needs no room rules and takes no turn in slow mode.
  const unused = { rules: { current: never }, rateLimiter: { take: never } };
  const frame = { action: 'deleteMessage' as const, target: message, reason: 'personal_data' as const };
  await execute(deleteMessage, frame, context, { log, ...unused });
}

async function never(): Promise<never> {
  throw new Error('A deletion asks neither for rules nor for a turn.');
}

/**
 * Appends the `PersonErased` event that tells the readers of a room to drop what the person has said so far.
 * @param last the highest number of the person's events in the room. It is part of the `PersonErased` event's id, so
 *   calls with the same `last` append the event only once.
 * @returns whether the event got its number in time
 */
async function tell(person: ActorId, room: string, last: number, { log, now, sleep }: ErasePorts): Promise<boolean> {
  const id = eventId(OPERATOR.id, `erased-${person}-${last}`);
  const event: NewEvent = { room, id, type: 'PersonErased', v: 1, at: now(), actor: OPERATOR, data: { person } };
  await log.append(event);
  const deadline = now() + NUMBERED_WITHIN_MS;
  for (;;) {
    if ((await log.find(room, id))?.seq !== undefined) return true;
    if (now() >= deadline) return false;
    await sleep(LOOK_AGAIN_MS);
  }
}
