import { type Facts, nameOf } from './database.ts';
import { Broken } from './search/search.ts';

/** A reader's feed and position. */
export interface ReaderView {
  loaded: boolean;
  epoch: string;
  last: number;
  /** The feed is loaded down to this number; null once it is loaded down to the first message. */
  nextBefore: number | null;
  loadingOlder: boolean;
  messages: readonly { seq: number; id: string; text?: string | undefined; deleted?: boolean | undefined }[];
}

/** A change that a reader's copy of the room (web/client/replica.ts) reports to its listeners. */
export interface Told {
  arrived: readonly number[];
  reset: boolean;
  loaded: boolean;
  epoch: string;
  last: number;
}

interface NumberedEvent {
  seq: number;
  id: string;
  type?: string;
  data: { text?: string; target?: string; person?: string; hide?: true; voided?: true };
}

/**
 * Checks I4 and I7 (docs/guarantees.md) at every step of a reader. Before the reader has loaded a page, it applies no
 * events. Afterwards, its position changes only by the events that it applies, or by a reset. Its epoch changes without
 * a reset only if its position is 0.
 */
export function placeRule(name: string, before: ReaderView, told: readonly Told[]): Broken | undefined {
  let { loaded, epoch, last } = before;
  for (const next of told) {
    if (next.reset) {
      loaded = false;
    } else if (loaded) {
      if (next.epoch !== epoch && last > 0) {
        return new Broken('I7', `${name} went from epoch ${epoch} to ${next.epoch} without being told.`);
      }
      for (const seq of next.arrived) {
        if (seq !== last + 1) return new Broken('I4', `${name} was at ${last} and applied ${seq}.`);
        last = seq;
      }
      if (next.last !== last) return new Broken('I7', `${name} was moved from ${last} to ${next.last} without a word.`);
    } else if (next.arrived.length > 0) {
      return new Broken('I4', `${name} applied ${next.arrived} before its first page.`);
    }
    if (!next.reset) ({ loaded, epoch, last } = next);
  }
  return undefined;
}

/**
 * Checks I5, I7 and I11 in every state: up to the reader's position, its feed agrees with the log, has no gap, and
 * shows nothing that a ban forbids.
 */
export function readerRule(name: string, view: ReaderView, { numbers }: Facts): Broken | undefined {
  if (!view.loaded) return undefined;
  const shown = new Map(view.messages.map((message) => [message.seq, message]));
  for (const { seq, id, text } of view.messages) {
    const item = numbers.get(seq);
    if (item?.id !== id) {
      const says = item ? `is ${nameOf(item.id)} in the log` : 'has no number in the log';
      return new Broken('I5', `${name} shows ${nameOf(id)} as ${seq}, which ${says}.`);
    }
    const stored = (item.data as { text?: string }).text;
    if (text !== undefined && stored !== undefined && text !== stored) {
      return new Broken('I5', `${name} shows ${seq} as "${text}", the log says "${stored}".`);
    }
  }
  for (const item of numbers.values()) {
    const { seq, id, data, type } = item as unknown as NumberedEvent & { type: string };
    if (seq > view.last) continue;
    if (type === 'PersonBanned') {
      const until = endOf(seq, data.person!, numbers);
      const isBanned = (message: { seq: number }) => seq < message.seq && message.seq < until;
      const isHidden = (message: { seq: number; text?: string | undefined }) =>
        data.hide && message.seq < seq && message.text !== undefined;
      const by = view.messages.find(
        (message) => message.id.startsWith(`${data.person}:`) && (isBanned(message) || isHidden(message)),
      );
      if (by) return new Broken('I11', `${name} shows ${nameOf(by.id)} as ${by.seq}, whose author ${seq} banned.`);
    }
    if (type === 'MessagePosted' && !data.voided && seq >= (view.nextBefore ?? 0) && !shown.has(seq)) {
      return new Broken('I7', `${name} is at ${view.last}, and ${nameOf(id)}, which is ${seq}, is not in its feed.`);
    }
    if (type === 'MessageDeleted') {
      const target = view.messages.find((message) => message.id === data.target);
      if (target && !target.deleted) {
        return new Broken('I5', `${name} is at ${view.last} and shows "${target.text}", which ${seq} deleted.`);
      }
    }
  }
  return undefined;
}

/** Returns the number of the event that ended a ban; infinite if none did. */
function endOf(seq: number, person: string, numbers: Facts['numbers']): number {
  const ends = [...numbers.values()].filter(
    (item) => item.type === 'PersonUnbanned' && (item.data as NumberedEvent['data']).person === person,
  );
  return Math.min(...ends.map((item) => item.seq as number).filter((end) => end > seq), Number.POSITIVE_INFINITY);
}

/** Checks I2 and I5: an event has the same number in a frame and in the log, and the same text if both have one. */
export function frameRule(events: readonly NumberedEvent[], { events: stored }: Facts): Broken | undefined {
  for (const { seq, id, data } of events) {
    const item = stored.get(id);
    if (item?.seq !== seq) {
      return new Broken(
        'I2',
        `A frame says that ${nameOf(id)} is ${seq}; in the log it is ${item?.seq ?? 'not numbered'}.`,
      );
    }
    const text = (item.data as { text?: string }).text;
    if (data.text !== undefined && text !== undefined && data.text !== text) {
      return new Broken('I5', `A frame says "${data.text}" where the log says "${text}".`);
    }
  }
  return undefined;
}

/** Checks I4: an answer of `/events` begins right after the position that the reader gave, and has no hole. */
export function answerRule(after: number, events: readonly { seq: number }[]): Broken | undefined {
  if (events.every(({ seq }, index) => seq === after + 1 + index)) return undefined;
  return new Broken('I4', `The events after ${after} are answered as ${events.map(({ seq }) => seq).join(', ')}.`);
}

/**
 * Checks I1: the event that an ack names is in the log. If `text` is given, the event is a message. Its text in the log
 * is then `text` or has been removed, and its author has at most one event with this text.
 */
export function ackRule(id: string, text: string | undefined, { events }: Facts): Broken | undefined {
  const item = events.get(id);
  if (!item) return new Broken('I1', `${nameOf(id)} is acked and not in the log.`);
  if (text === undefined) return undefined;
  const stored = (item.data as { text?: string }).text;
  if (stored !== undefined && stored !== text)
    return new Broken('I1', `${nameOf(id)} is acked as "${text}" and in the log as "${stored}".`);
  const author = id.split(':')[0]!;
  const same = [...events.values()].filter(
    (other) => String(other.id).startsWith(`${author}:`) && (other.data as { text?: string }).text === text,
  );
  if (same.length > 1) return new Broken('I1', `"${text}" is in the log ${same.length} times.`);
  return undefined;
}

/**
 * Checks I6: a refused message is not in the log. After the error `conflict`, the log has another text under the same
 * id. Not called for the error `unavailable`, after which the message may be in the log.
 */
export function refusalRule(id: string, text: string | undefined, { events }: Facts): Broken | undefined {
  const item = events.get(id);
  if (!item || text === undefined) return undefined;
  return (item.data as { text?: string }).text === text
    ? new Broken('I6', `"${text}" was refused and is in the log as ${nameOf(id)}.`)
    : undefined;
}

/**
 * Checks I1, I3, I8 and I10 when nothing can happen any more: every event has a number, numbers are dense (unless
 * `mayLeaveGaps`), and every reader is up to date and shows every message that is not voided.
 */
export function restRule(
  readers: readonly { name: string; view: ReaderView }[],
  { events, numbers, head }: Facts,
  mayLeaveGaps: boolean,
): Broken | undefined {
  for (const { id, seq } of events.values()) {
    if (seq === undefined) return new Broken('I1', `${nameOf(id)} is in the log and never got a number.`);
  }
  const highest = Math.max(0, ...numbers.keys());
  if (!mayLeaveGaps && (highest !== numbers.size || (head?.seq ?? 0) !== highest)) {
    return new Broken('I3', `The numbers ${[...numbers.keys()]} are not 1 to ${head?.seq ?? 0}.`);
  }
  for (const { name, view } of readers) {
    const there =
      view.loaded && view.last === (head?.seq ?? 0) && (!head || view.epoch === head.epoch || view.last === 0);
    if (!there) {
      const place = view.loaded ? `at ${view.last} of ${view.epoch}` : 'not loaded';
      return new Broken(
        'I8',
        `Nothing moves any more, and ${name} is ${place} while the room is at ${head?.seq ?? 0} of ${head?.epoch}.`,
      );
    }
    const missing = [...numbers.values()].find(
      ({ type, seq, data }) =>
        type === 'MessagePosted' &&
        !(data as NumberedEvent['data']).voided &&
        !view.messages.some((message) => message.seq === seq),
    );
    if (missing) return new Broken('I10', `${name} has paged to the end and does not show ${nameOf(missing.id)}.`);
  }
  return undefined;
}
