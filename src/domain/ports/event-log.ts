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
  /** When the event got its number, ms since 1970; absent if it has none yet, or got it from older code. */
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
  /** When the event got its number, ms since 1970; 0 if it got it from older code. */
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
   * When the last number was given, ms since 1970. For a rebuilt head: when it was rebuilt. 0 if older code gave the
   * number, or if no number is known.
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
   * Nothing was written, because the event to amend has changed since it was read, or is gone, or because another
   * process was writing one of the two events at the same time.
   */
  | { kind: 'stale' };

export type Assignment =
  /** The transaction committed: the events, in the given order, have the numbers head.seq + 1 … head.seq + n. */
  | { kind: 'assigned' }
  /**
   * Nothing was written. `found`: by id, the current version of each event that already has a number, or was amended
   * since it was read. `absent`: the ids of events that are not in the log.
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
   * @param amended an earlier event with the new event's change applied, and with the revision it had when it was read;
   *   both events are written, or neither
   */
  append(event: NewEvent, amended?: StoredEvent): Promise<Appended>;
  /** Returns the room's head. Rebuilds a lost one. Epoch '' and number 0 if no event seems to have a number yet. */
  head(room: string): Promise<Head>;
  /**
   * Returns the head for numbering. If the head is missing, or lower than a number that an event is known to have,
   * rebuilds it in a new epoch. The new head is far above the highest number in the index, because the newest events
   * may be missing from the index. If the index shows no number, the log itself is read.
   */
  openHead(room: string): Promise<Head>;
  /**
   * Gives numbers to at least 1 and at most `batchSize` events and moves the head, in one transaction (I3 of
   * docs/guarantees.md). Writes nothing if an event was amended since it was read, because the caller posts the events
   * as it has read them, and readers must get what is in the log.
   * @param verdict the messages that the transaction voids, and the new rules that it writes
   */
  assign(room: string, head: Head, events: readonly StoredEvent[], verdict: Verdict): Promise<Assignment>;
  /**
   * Stores the room's floor in the room's head. Does nothing if the stored floor is as high or higher, or if the head
   * now has another epoch.
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

/** The messages of a person that are hidden. */
export interface HiddenMessages {
  person: ActorId;
  /** The messages have numbers below this one. */
  before: number;
  /** Whether messages that the person sent as a moderator are hidden, too. */
  always: boolean;
}
