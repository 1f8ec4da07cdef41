import type { EventId, SequencedEvent } from '../schema.generated.ts';

/** An event as it is appended: complete, but without its number, which only the fan-out gives. */
export type NewEvent = Omit<SequencedEvent, 'seq'> & {
  room: string;
  /** Schema version of `data`. */
  v: 1;
  /** X-Ray trace header of the invocation that appended it, so that one trace leads from send to fan-out. */
  trace?: string;
};

/** A room's numbering: the last number given, within one random epoch. */
export interface Head {
  epoch: string;
  seq: number;
}

export type Assignment =
  /** The transaction committed: the events have the numbers head.seq + 1 … head.seq + n, in the order given. */
  | { kind: 'assigned' }
  /** Nothing was written. Some events had a number already (redelivery), or are not in the log (any more). */
  | { kind: 'known'; numbered: ReadonlyMap<EventId, number>; absent: ReadonlySet<EventId> }
  /** Nothing was written. Someone else moved the head: read it and try again. */
  | { kind: 'conflict' };

export interface EventLog {
  /**
   * Appends exactly once per (room, id).
   * @returns 'appended', or 'duplicate' where the same event is in the log already
   * @throws ShoutError `conflict` where another event has the id, `unavailable` where the store does not answer
   */
  append(event: NewEvent): Promise<'appended' | 'duplicate'>;
  /** Appends `event` and scrubs the text from the message it targets, in one transaction. Same answers as `append`. */
  appendDeletion(event: NewEvent, target: EventId): Promise<'appended' | 'duplicate'>;
  /** The room's head, made anew where its row was lost; `{ epoch: '', seq: 0 }` where no number was ever given. */
  head(room: string): Promise<Head>;
  /** The head to number from; where the row is missing, makes it from the highest number in the index, in a new epoch. */
  openHead(room: string): Promise<Head>;
  /** Gives numbers to 1–90 events and moves the head, in one transaction or not at all (I3). */
  assign(room: string, head: Head, ids: readonly EventId[]): Promise<Assignment>;
  /** Up to `limit` numbered events below `before` (all, where undefined), descending. May show holes: the index lags. */
  readBefore(room: string, before: number | undefined, limit: number): Promise<SequencedEvent[]>;
  /** Up to `limit` numbered events above `after`, ascending. May show holes: the index lags. */
  readAfter(room: string, after: number, limit: number): Promise<SequencedEvent[]>;
}
