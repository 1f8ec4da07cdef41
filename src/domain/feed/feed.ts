import type { EventId, Message, MessageDeletedData, SequencedEvent } from '../schema.generated.ts';

/**
 * What a reader sees: messages newest first. The server folds a page of history with it and the widget folds what
 * arrives, so both always agree.
 */
export interface Feed {
  /** Descending by seq, one per seq. */
  readonly messages: readonly Message[];
  /** Deletions whose message is not here (yet). */
  readonly tombstones: ReadonlySet<EventId>;
}

export const emptyFeed: Feed = { messages: [], tombstones: new Set() };

/** Folds one event in. Insensitive to order and to duplicates; skips types it does not know; never throws. */
export function evolve(feed: Feed, event: SequencedEvent): Feed {
  switch (event.type) {
    case 'MessagePosted':
      return insert(feed, messageOf(event));
    case 'MessageDeleted':
      return remove(feed, (event.data as Partial<MessageDeletedData>).target);
    default:
      return feed;
  }
}

/** Folds in a page of messages as `GET /chat-history` returns it. */
export function mergePage(feed: Feed, page: readonly Message[]): Feed {
  return page.reduce(insert, feed);
}

/** A posted event without text is one whose text was scrubbed by a deletion. */
function messageOf({ seq, id, at, actor, data }: SequencedEvent): Message {
  const message = { seq, id, at, actor };
  return typeof data.text === 'string' ? { ...message, text: data.text } : { ...message, deleted: true };
}

function scrubbed({ text: _text, ...message }: Message): Message {
  return { ...message, deleted: true };
}

function insert(feed: Feed, message: Message): Feed {
  const at = position(feed.messages, message.seq);
  const known = feed.messages[at];
  if (known?.seq === message.seq) {
    return message.deleted && !known.deleted ? { ...feed, messages: feed.messages.with(at, scrubbed(known)) } : feed;
  }
  const buried = feed.tombstones.has(message.id);
  return {
    ...feed,
    messages: feed.messages.toSpliced(at, 0, buried && !message.deleted ? scrubbed(message) : message),
  };
}

function remove(feed: Feed, target: unknown): Feed {
  if (typeof target !== 'string') return feed;
  const at = feed.messages.findIndex((message) => message.id === target);
  const known = feed.messages[at];
  if (!known) return feed.tombstones.has(target) ? feed : { ...feed, tombstones: new Set(feed.tombstones).add(target) };
  return known.deleted ? feed : { ...feed, messages: feed.messages.with(at, scrubbed(known)) };
}

/** Index of the first message with a seq ≤ the given one: where it is or where it belongs. Newest is the common case. */
function position(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  if (high === 0 || messages[0]!.seq <= seq) return 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (messages[middle]!.seq > seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
