import { HIDDEN, type HiddenPeople, hide, isErased, isHidden } from '../governance/hide.ts';
import type {
  EventId,
  Message,
  MessagePosted,
  PersonBanned,
  PersonErased,
  RoomChanged,
  RoomRules,
  SequencedEvent,
} from '../schema.generated.ts';
import { anonymous } from '../text/anonymous.ts';
import { type Amendment, amend, amendment, type Changes, type Content } from './amendment.ts';

/**
 * Maximum number of messages whose changes are kept until the messages are loaded. If there are more, the oldest
 * changes are dropped. Nothing is lost: the page of history that brings such a message shows it with its changes.
 */
const MAX_PENDING = 1_000;

/**
 * What a reader sees: messages newest first. The server folds a page of history and the widget folds the events that
 * arrive. Both use the same functions, so both show the same.
 */
export interface Feed {
  /** Descending by seq, one per seq. */
  readonly messages: readonly Message[];
  /** Changes of messages that are not loaded yet. */
  readonly pending: ReadonlyMap<EventId, Changes>;
  /**
   * People whose messages an event has hidden. Needed after the event, too: if the server read a page of history before
   * the event, the page still shows the messages, and it may arrive late.
   */
  readonly hidden?: HiddenPeople;
  /** The part of the room's rules that readers see; absent if no rule was ever set. */
  readonly rules?: ShownRules;
}

/** The rules that readers see. `pinned` is null after a message was unpinned. */
export type ShownRules = Pick<RoomRules, 'at'> & RoomChanged['data'];

export const emptyFeed: Feed = { messages: [], pending: new Map() };

/**
 * Folds one event into the feed. The order of events matters in two cases only. A change of the rules is dropped if it
 * arrives after a change with a higher number. And if `pending` or `hidden` is full, the order decides what is dropped
 * from it. Duplicates, and events of types that this version does not know, change nothing. Never throws.
 */
export function evolve(feed: Feed, event: SequencedEvent): Feed {
  if (event.type === 'MessagePosted') return event.data.voided ? feed : insert(feed, messageOf(event));
  if (event.type === 'PersonErased' || (event.type === 'PersonBanned' && event.data.hide))
    return hideMessages(feed, event);
  if (event.type === 'RoomChanged') return changeRules(feed, event);
  const amending = amendment(event);
  return amending ? applyAmendment(feed, amending) : feed;
}

/** Folds in a page of messages as `GET /chat-history` returns it. */
export function mergePage(feed: Feed, page: readonly Message[]): Feed {
  return page.reduce(insert, feed);
}

/** Applies changes to their message, or keeps them until the message is loaded. */
export function applyAmendment(feed: Feed, { target, changes }: Amendment): Feed {
  const at = feed.messages.findIndex(({ id }) => id === target);
  const known = feed.messages[at];
  if (known) return replace(feed, at, amendMessage(known, changes));
  const before = feed.pending.get(target);
  const merged = before ? amend(before, changes) : changes;
  if (merged === before) return feed;
  const pending = new Map(feed.pending).set(target, merged);
  for (const oldest of pending.keys()) {
    if (pending.size <= MAX_PENDING) break;
    pending.delete(oldest);
  }
  return { ...feed, pending };
}

function hideMessages(feed: Feed, event: SequencedEvent & (PersonBanned | PersonErased)): Feed {
  const hidden = hide(feed.hidden ?? {}, event.data.person, event);
  return { ...feed, messages: feed.messages.map((message) => concealed(hidden, message)), hidden };
}

function concealed(hidden: HiddenPeople, message: Message): Message {
  if (!isHidden(hidden, message)) return message;
  const left = amendMessage(message, HIDDEN);
  return isErased(hidden, message) ? { ...left, actor: anonymous(left.actor) } : left;
}

/** Applies a change of the rules, unless the feed already shows this change or a later one. */
function changeRules(feed: Feed, { seq, data }: SequencedEvent & RoomChanged): Feed {
  return seq > (feed.rules?.at ?? 0) ? { ...feed, rules: { ...feed.rules, ...data, at: seq } } : feed;
}

/** Converts an event to a message. An event without text becomes a deleted message. */
function messageOf({ seq, id, at, actor, data }: SequencedEvent & MessagePosted): Message {
  const content = typeof data.text === 'string' ? data : { ...data, deleted: true as const };
  return { ...content, seq, id, at, actor };
}

function amendMessage(message: Message, changes: Content): Message {
  const { seq, id, at, actor, ...content } = message;
  const amended = amend<Content>(content, changes);
  return amended === content ? message : { ...amended, seq, id, at, actor };
}

function insert(feed: Feed, arriving: Message): Feed {
  const message = concealed(feed.hidden ?? {}, arriving);
  const at = position(feed.messages, message.seq);
  const known = feed.messages[at];
  if (known?.seq === message.seq) {
    // The known and the arriving message may each show amendments that the other lacks.
    const { seq: _seq, id: _id, at: _at, actor: _actor, ...content } = message;
    return replace(feed, at, amendMessage(known, content));
  }
  const changes = feed.pending.get(message.id);
  if (!changes) return { ...feed, messages: feed.messages.toSpliced(at, 0, message) };
  const pending = new Map(feed.pending);
  pending.delete(message.id);
  return { ...feed, messages: feed.messages.toSpliced(at, 0, amendMessage(message, changes)), pending };
}

function replace(feed: Feed, at: number, message: Message): Feed {
  return feed.messages[at] === message ? feed : { ...feed, messages: feed.messages.with(at, message) };
}

/** Returns the index of the first message with a seq ≤ the given one; the number of messages if there is none. */
function position(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (messages[middle]!.seq > seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
