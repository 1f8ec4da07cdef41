import type { Rules, Verdict } from '../governance/rules.ts';
import type { ActorId, EventBody, EventEnvelope, EventId, SequencedEvent } from '../schema.generated.ts';
import type { Clock } from './clock.ts';

/** An event as it is appended: complete, except for its number. The function fanOut gives the number later. */
export type NewEvent = EventBody &
  Omit<EventEnvelope, 'seq'> & {
    room: string;
    /** Schema version of `data`. */
    v: 1;
    /** X-Ray trace header of the invocation that appended the event, so that one trace leads from send to fan-out. */
    trace?: string;
  };

/** An event as it is in the log now: perhaps numbered, and perhaps amended, for example without its text. */
export type StoredEvent = NewEvent & {
  seq?: number;
  /** When the event got its number, ms since 1970; absent without a number, or if older code did not store the time. */
  numberedAt?: number;
  /**
   * When the event expires, seconds since 1970. The storage may then delete it. Absent if the event has no number yet,
   * or if events are kept for good.
   */
  expiresAt?: number;
  /** How often the event was amended since the append; absent if never. */
  revision?: number;
};

/** An event on a page of the log. */
export type NumberedEvent = SequencedEvent & {
  /** When the event got its number, ms since 1970; 0 if older code gave the number and did not store the time. */
  numberedAt: number;
  /**
   * When the event expires, seconds since 1970. Readers then treat it as gone, even if the storage still has it. Absent
   * if events are kept for good.
   */
  expiresAt?: number;
};

/**
 * The head of a room: the last number given, and the epoch that the number belongs to. An epoch is a random id. If a
 * head is lost and rebuilt, it gets a new epoch, so that readers do not mix up old and new numbers.
 */
export interface Head {
  epoch: string;
  seq: number;
  /**
   * When the last number was given, ms since 1970. For a rebuilt head: when it was rebuilt. 0 if no number was given
   * yet, or if older code did not store the time.
   */
  numberedAt: number;
  /** The number of the event that changed the room's rules last; absent if none did. */
  rulesAt?: number;
  /** The number up to which old events are gone; absent if no event is known to be gone. */
  floor?: number;
}

export type Appended =
  | { kind: 'appended' }
  /** Nothing was written, because the event `found` has the id already. */
  | { kind: 'duplicate'; found: StoredEvent }
  /**
   * Nothing was written, because another process changed or removed the event to amend, or was writing one of the items
   * at the same time. Read the event to amend again and retry.
   */
  | { kind: 'stale' };

export type Assignment =
  /** The transaction committed: the events, in the given order, have the numbers head.seq + 1 … head.seq + n. */
  | { kind: 'assigned' }
  /**
   * Nothing was written, because some events are not as the caller has read them. `found` has the current version of
   * those that have a number already or were amended. `absent` has the ids of those that are not in the log.
   */
  | { kind: 'known'; found: ReadonlyMap<EventId, StoredEvent>; absent: ReadonlySet<EventId> }
  /** Nothing was written, because another process wrote first. Read the head and try again. */
  | { kind: 'conflict' };

/**
 * The log: the events of all rooms. Pages of numbered events are read from an index of the log, which lags behind the
 * log.
 */
export interface EventLog {
  /** Maximum number of events in one call of `assign`. */
  readonly batchSize: number;
  /** The clock for `numberedAt`. The clocks of all machines agree within seconds. */
  readonly now: Clock;
  /** Returns an event as it is now; undefined if it is not in the log. */
  find(room: string, id: EventId): Promise<StoredEvent | undefined>;
  /**
   * Appends an event, exactly once for each room and id.
   * @param amended the earlier event that `event` changes, such as a deleted message without its text. It has the
   *   revision that was read. Both events are written, or neither.
   */
  append(event: NewEvent, amended?: StoredEvent): Promise<Appended>;
  /** Returns the room's head; epoch '' and number 0 for a room without numbered events. Rebuilds a lost head. */
  head(room: string): Promise<Head>;
  /**
   * Returns the head for numbering. Rebuilds it in a new epoch if it is missing, or lower than the number of a known
   * event. The index may lack the newest events, so the new head is far above the highest number in the index. If the
   * index has no number at all, the log itself is read.
   */
  openHead(room: string): Promise<Head>;
  /**
   * Gives numbers to at least 1 and at most `batchSize` events and moves the head, in one transaction (I3 of
   * docs/guarantees.md). Writes nothing if an event was amended since the caller read it. Otherwise the caller would
   * post an old version to readers.
   * @param verdict the messages that the transaction voids, and the new rules that it writes
   */
  assign(room: string, head: Head, events: readonly StoredEvent[], verdict: Verdict): Promise<Assignment>;
  /**
   * Stores the floor in the room's head (see `Head.floor`). Does nothing if the stored floor is not lower, or if the
   * stored head has another epoch than `head`.
   */
  raiseFloor(room: string, head: Head, floor: number): Promise<void>;
  /** Returns the rules of the room as of this head, or of a later one. */
  rules(room: string, head: Head): Promise<Rules>;
  /**
   * Returns up to `limit` numbered events, the highest number first: those below the number `before`, or the newest if
   * `before` is undefined. Some events may be missing, because the index lags.
   */
  readBefore(room: string, before: number | undefined, limit: number): Promise<NumberedEvent[]>;
  /**
   * Returns up to `limit` numbered events above the number `after`, the lowest number first. Some events may be
   * missing, because the index lags.
   */
  readAfter(room: string, after: number, limit: number): Promise<NumberedEvent[]>;
  /** Returns the display name in one of the person's events; undefined if the room has no event of theirs. */
  nameOf(room: string, person: ActorId): Promise<string | undefined>;
  /**
   * Removes the stored text of the given messages. Idempotent.
   * @param proceed called before each page of messages; returns `false` to stop
   * @throws Error if `proceed` returned false
   */
  scrub(room: string, hidden: HiddenMessages, proceed: () => boolean): Promise<void>;
}

/** Says which messages of a person are hidden. */
export interface HiddenMessages {
  person: ActorId;
  /** Only messages with numbers below this one are hidden. */
  before: number;
  /** Whether messages that the person sent as a moderator are hidden, too. */
  always: boolean;
}
