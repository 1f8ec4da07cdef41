import type { EventBody, EventEnvelope, EventId, SequencedEvent } from '../schema.generated.ts';

/** An event as it is appended: complete, but without its number, which only the fan-out gives. */
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
  /** When it got its number, ms since 1970; absent where that was before this was kept. */
  numberedAt?: number;
  /** How often it was amended; absent for never. */
  revision?: number;
};

/** An event on a page of the log. */
export type NumberedEvent = SequencedEvent & {
  /** When it got its number, ms since 1970; 0 where that was before this was kept. */
  numberedAt: number;
};

/** A room's numbering: the last number given, within one random epoch. */
export interface Head {
  epoch: string;
  seq: number;
  /** When that number was given, ms since 1970; 0 where that was before this was kept. */
  numberedAt: number;
}

export type Appended =
  | { kind: 'appended' }
  /** Nothing was written: this event has the id already. */
  | { kind: 'duplicate'; found: StoredEvent }
  /** Nothing was written: the event to amend has changed since it was read, or is gone. */
  | { kind: 'stale' };

export type Assignment =
  /** The transaction committed: the events, as they were given, have the numbers head.seq + 1 … head.seq + n. */
  | { kind: 'assigned' }
  /** Nothing was written. Some events are not as they were given: as they are now, or not in the log (any more). */
  | { kind: 'known'; found: ReadonlyMap<EventId, StoredEvent>; absent: ReadonlySet<EventId> }
  /** Nothing was written. Someone else moved the head: read it and try again. */
  | { kind: 'conflict' };

export interface EventLog {
  /** Events that one `assign` takes at most. */
  readonly batchSize: number;
  /** One event as it is now. */
  find(room: string, id: EventId): Promise<StoredEvent | undefined>;
  /**
   * Appends exactly once per (room, id).
   * @param amended an earlier event as it becomes, with the revision that was read: both are written, or neither
   */
  append(event: NewEvent, amended?: StoredEvent): Promise<Appended>;
  /** The room's head, made anew where its row was lost; epoch '' and number 0 where no number was ever given. */
  head(room: string): Promise<Head>;
  /**
   * The head to number from. Where it is lost or lower than a number in the log, it is made anew: in a new epoch, and far
   * above the highest number in the index, which lags.
   */
  openHead(room: string): Promise<Head>;
  /**
   * Gives numbers to 1–`batchSize` events and moves the head, in one transaction or not at all (I3 of docs/guarantees.md).
   * Only to events of the revision given, so that what is posted afterwards is what was numbered.
   */
  assign(room: string, head: Head, events: readonly StoredEvent[]): Promise<Assignment>;
  /** Up to `limit` numbered events below `before` (all, where undefined), descending. May show holes: the index lags. */
  readBefore(room: string, before: number | undefined, limit: number): Promise<NumberedEvent[]>;
  /** Up to `limit` numbered events above `after`, ascending. May show holes: the index lags. */
  readAfter(room: string, after: number, limit: number): Promise<NumberedEvent[]>;
}
