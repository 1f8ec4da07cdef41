import type { Rules, Verdict } from '../governance/rules.ts';
import type { ActorId, EventBody, EventEnvelope, EventId, SequencedEvent } from '../schema.generated.ts';
import type { Clock } from './clock.ts';

/** An event as it is appended: complete, except for its number, which the fan-out gives. */
export type NewEvent = EventBody &
  Omit<EventEnvelope, 'seq'> & {
    room: string;
    /** Schema version of `data`. */
    v: 1;
    /** X-Ray trace header of the invocation that appended it, so that one trace leads from send to fan-out. */
    trace?: string;
  };

/** An event as it is in the log now: perhaps numbered, perhaps amended by later events. */
export type StoredEvent = NewEvent & {
  seq?: number;
  /** When it got its number, ms since 1970; absent on events of older versions. */
  numberedAt?: number;
  /** When it expires, seconds since 1970: storage may then delete it. Absent if messages are kept. */
  expiresAt?: number;
  /** Number of amendments; absent if none. */
  revision?: number;
};

/** An event on a page of the log. */
export type NumberedEvent = SequencedEvent & {
  /** When it got its number, ms since 1970; 0 for events of older versions. */
  numberedAt: number;
  /**
   * When it expires, seconds since 1970: readers then treat it as gone, even if storage still has it. Absent if messages are
   * kept.
   */
  expiresAt?: number;
};

/** A room's numbering: the last number given, within one random epoch. */
export interface Head {
  epoch: string;
  seq: number;
  /** When that number was given, ms since 1970; 0 for heads of older versions. */
  numberedAt: number;
  /** The number of the event that changed the room's rules last; absent if none did. */
  rulesAt?: number;
  /** The number up to which old events are gone; absent if none are known to be. */
  floor?: number;
}

export type Appended =
  | { kind: 'appended' }
  /** Nothing was written: this event has the id already. */
  | { kind: 'duplicate'; found: StoredEvent }
  /** Nothing was written: the event to amend has changed since it was read, or is gone. */
  | { kind: 'stale' };

export type Assignment =
  /** The transaction committed: the events, in the given order, have the numbers head.seq + 1 … head.seq + n. */
  | { kind: 'assigned' }
  /** Nothing was written. `found`: events that changed, as they are now. `absent`: events that are not in the log. */
  | { kind: 'known'; found: ReadonlyMap<EventId, StoredEvent>; absent: ReadonlySet<EventId> }
  /** Nothing was written. Another process moved the head: read it and try again. */
  | { kind: 'conflict' };

export interface EventLog {
  /** Most events that one `assign` takes. */
  readonly batchSize: number;
  /** The clock of `numberedAt`. All machines agree on it within seconds. */
  readonly now: Clock;
  /** One event as it is now; undefined if it is not in the log. */
  find(room: string, id: EventId): Promise<StoredEvent | undefined>;
  /**
   * Appends exactly once per (room, id).
   * @param amended an earlier event after its change, with the revision that was read; both events are written, or neither
   */
  append(event: NewEvent, amended?: StoredEvent): Promise<Appended>;
  /** The room's head, rebuilt if its row was lost. Epoch '' and number 0 if no number was ever given. */
  head(room: string): Promise<Head>;
  /**
   * The head to number from. If it is lost, or lower than a number in the log, it is rebuilt in a new epoch, far above the
   * highest number in the index, because the index lags.
   */
  openHead(room: string): Promise<Head>;
  /**
   * Numbers 1–`batchSize` events and moves the head, in one transaction (I3 of docs/guarantees.md). Requires the given
   * revision of each event, so that the events posted afterwards are those that were numbered.
   * @param verdict the messages that the same transaction voids, and the room's new rules that it puts
   */
  assign(room: string, head: Head, events: readonly StoredEvent[], verdict: Verdict): Promise<Assignment>;
  /** Remembers a room's floor with its head. It never falls, and a head of another epoch is left as it is. */
  raiseFloor(room: string, head: Head, floor: number): Promise<void>;
  /** The rules of the room as of this head. */
  rules(room: string, head: Head): Promise<Rules>;
  /** Up to `limit` numbered events below `before` (all, if undefined), descending. May show holes: the index lags. */
  readBefore(room: string, before: number | undefined, limit: number): Promise<NumberedEvent[]>;
  /** Up to `limit` numbered events above `after`, ascending. May show holes: the index lags. */
  readAfter(room: string, after: number, limit: number): Promise<NumberedEvent[]>;
  /** The name of somebody in one of their events; undefined if they have none in the room. */
  nameOf(room: string, person: ActorId): Promise<string | undefined>;
  /**
   * Removes the stored text of somebody's messages below a number. Idempotent.
   * @param proceed asked before each page
   * @throws Error if `proceed` returned false
   */
  scrub(room: string, hidden: HiddenMessages, proceed: () => boolean): Promise<void>;
}

export interface HiddenMessages {
  person: ActorId;
  /** Messages with lower numbers. */
  before: number;
  /** Also what they said as a moderator. */
  always: boolean;
}
