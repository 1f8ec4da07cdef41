import type { Actor, EventId, SequencedEvent } from './schema.generated.ts';

/** Milliseconds since 1970-01-01T00:00Z. Passed in, so that tests own the time. */
export type Clock = () => number;

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

export interface Connection {
  id: string;
  room: string;
  /** Absent for a guest, who reads only. */
  actor?: Actor;
  /** When the token behind the connection ends, ms since 1970; absent for a guest. */
  tokenExpiresAt?: number;
  connectedAt: number;
}

export interface Connections {
  /** @throws ShoutError `rate_limited` where the person has MAX_CONNECTIONS_PER_PERSON open already */
  add(connection: Connection): Promise<void>;
  find(id: string): Promise<Connection | undefined>;
  /**
   * Sets who is behind a connection and until when.
   * @returns false where the connection is gone or belongs to another person
   * @throws ShoutError `rate_limited` where a guest becomes a person who has too many connections open
   */
  authenticate(connection: Connection, actor: Actor, tokenExpiresAt: number): Promise<boolean>;
  /** Idempotent. */
  remove(connection: Pick<Connection, 'id'>): Promise<void>;
  /** Removes what is gone, many at once. A person's count of connections follows when they next reach its cap. */
  forget(ids: readonly string[]): Promise<void>;
  /** Every connection of a room, page by page. */
  inRoom(room: string): AsyncIterable<readonly Connection[]>;
}

/** `gone`: the connection does not exist any more. `failed`: tried within the budget and given up; the client heals itself. */
export type PushOutcome = 'delivered' | 'gone' | 'failed';

export interface Push {
  /** Posts one frame. Never throws. Frames for one connection arrive in order only if the caller awaits between them. */
  post(connectionId: string, frame: Frame): Promise<PushOutcome>;
  /** Closes the connection from the server's side. Never throws. */
  close(connectionId: string): Promise<void>;
}

/** A frame encoded once for everybody. An adapter may keep what it derives from it (a body hash) beside it, by identity. */
export interface Frame {
  readonly body: Uint8Array;
}

/** What became of a delivery. Counts are connections. */
export interface Delivery {
  delivered: number;
  gone: number;
  failed: number;
  expired: number;
}

/** A part of a large room, for one worker. */
export interface Slice {
  /** As text: a worker gets it as JSON. */
  frames: readonly string[];
  connections: readonly Connection[];
  /** The worker's share of what the account may post. */
  postsPerSecond: number;
}

/** Workers beside the fan-out, each with a processor and sockets of its own. */
export interface Deliveries {
  /** @throws where it is not known what became of the slice */
  deliver(slice: Slice): Promise<Delivery>;
}

export interface RateLimiter {
  /**
   * Takes one token from the bucket of `key` (token bucket: RATE_BURST deep, RATE_PER_SECOND refill).
   * @throws ShoutError `rate_limited` with `retryAfterMs`
   */
  take(key: string): Promise<void>;
}

export interface Identity {
  actor: Actor;
  /** ms since 1970. */
  expiresAt: number;
}

export interface TokenVerifier {
  /** @throws ShoutError `unauthenticated`; `forbidden` where a scope is missing; `unavailable` where the issuer's keys cannot be had */
  verify(token: string): Promise<Identity>;
}

/** What is counted: docs/operations.md says what each number means. */
export type Counter =
  | 'Appended'
  | 'Sequenced'
  | 'Delivered'
  | 'Gone'
  | 'Failed'
  | 'Expired'
  | 'Throttled'
  | 'Skipped'
  | 'Unexpected';

/** What is measured, value by value: ms from append to delivery, connections of the room that was served. */
export type Measure = 'DeliveryLatency' | 'Connections';

/** Numbers and facts for the operator; never a token, never a message's text. */
export interface Telemetry {
  count(counter: Counter, by?: number): void;
  measure(measure: Measure, value: number): void;
  log(level: 'info' | 'warn' | 'error', event: string, fields?: Record<string, unknown>): void;
  /** Hands over what was counted and measured since the last time; once, at the end of an invocation. */
  flush(): void;
}
