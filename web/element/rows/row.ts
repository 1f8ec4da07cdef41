import { eventId } from '../../../src/domain/feed/event-id.ts';
import type { Actor, Message } from '../../../src/domain/schema.generated.ts';
import type { Failure, Outgoing } from '../client.ts';
import { dayHeading, dayOf, relativeTime } from '../text/time.ts';

/** Consecutive messages of one person form a group if each follows the one before within less than this time, ms. */
const GROUP_MS = 5 * 60_000;

/** A message: in the room's log on the server, being sent, or failed. */
interface Said extends Omit<Message, 'seq' | 'id'> {
  /**
   * The event's id. It is known before the message is in the log, so the row keeps its `<article>` element when the
   * message arrives from the log.
   */
  key: string;
  /** Infinity until the message has arrived from the log. */
  seq: number;
  /** Set until the message has arrived from the log. */
  delivery?: Outgoing['state'];
  error?: Failure;
}

/**
 * One row of the feed, as plain data: everything that its view shows. `same` compares all fields, so a row is rendered
 * again when any of them changes, without code for each field.
 */
export interface Row extends Said {
  own: boolean;
  /** Whether the message arrived, or was sent, while the box was open. */
  fresh: boolean;
  /** The message's time relative to now, in words. */
  time: string;
  /** Heading of the day, on the first row of each day. */
  day: string | undefined;
  /**
   * Whether the heading "Already seen" stands above this row, because it is the newest row that was seen at an earlier
   * visit. False for the top row.
   */
  seen: boolean;
  /**
   * Whether the row continues the group of the row above: same person and name, less than {@link GROUP_MS} apart, no
   * heading between them, and the message above is not deleted.
   */
  follows: boolean;
  /** A short id, if somebody else's name looks the same. */
  tag: string | undefined;
  /** Whether the row and its buttons are in the tab order; true for one row. */
  active: boolean;
  /** Whether the reader is signed in and the box is not read-only. */
  mayWrite: boolean;
  /** Id of the action that asks for a second click on this row. */
  confirming: string | undefined;
  /** Whether all of a long text is shown. */
  expanded: boolean;
}

/** What the rows depend on besides the messages. */
export interface Reader {
  user: Actor | undefined;
  now: number;
  locale: string;
  mayWrite: boolean;
  /** Key of the row in the tab order. If no row has this key, the first row is in the tab order. */
  active: string | undefined;
  confirming: { key: string; action: string } | undefined;
  expanded: ReadonlySet<string>;
  /** Messages above this number came while the box was open. */
  since: number;
  /** Number of the newest message that was seen at an earlier visit; undefined if no row should be marked as seen. */
  seenUpTo: number | undefined;
  tagOf: (actorId: string) => string | undefined;
}

const nobody: Actor = { id: '', name: '…' };

/** Returns messages as rows, newest first. Outgoing messages come before the messages of the feed. */
export function rowsOf(messages: readonly Message[], outgoing: readonly Outgoing[], reader: Reader): Row[] {
  const rows: Row[] = [];
  for (const entry of outgoing.toReversed()) rows.push(rowOf(onItsWay(entry, reader.user), rows.at(-1), reader));
  for (const message of messages) rows.push(rowOf({ ...message, key: message.id }, rows.at(-1), reader));
  const active = rows.find(({ key }) => key === reader.active) ?? rows[0];
  if (active) active.active = true;
  return rows;
}

/** Returns whether two rows look the same. */
export function same(a: Row, b: Row): boolean {
  const fields = Object.keys(b) as (keyof Row)[];
  return Object.keys(a).length === fields.length && fields.every((field) => a[field] === b[field]);
}

function onItsWay({ clientMessageId, state, error, ...said }: Outgoing, actor = nobody): Said {
  const key = eventId(actor.id, clientMessageId);
  return { ...said, actor, key, seq: Number.POSITIVE_INFINITY, delivery: state, ...(error && { error }) };
}

function rowOf(said: Said, above: Row | undefined, reader: Reader): Row {
  const { key, seq, at, actor } = said;
  const { user, now, locale, confirming, seenUpTo = -1 } = reader;
  const day = above && dayOf(above.at) === dayOf(at) ? undefined : dayHeading(at, now, locale);
  const seen = above !== undefined && above.seq > seenUpTo && seq <= seenUpTo;
  const continues = above?.actor.id === actor.id && above.actor.name === actor.name && above.at - at < GROUP_MS;
  return {
    ...said,
    own: actor.id === user?.id || said.delivery !== undefined,
    fresh: seq > reader.since,
    time: relativeTime(at, now, locale),
    day,
    seen,
    follows: continues && !above.deleted && day === undefined && !seen,
    tag: reader.tagOf(actor.id),
    active: false,
    mayWrite: reader.mayWrite,
    confirming: confirming?.key === key ? confirming.action : undefined,
    expanded: reader.expanded.has(key),
  };
}
