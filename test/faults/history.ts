/** The record of a run, for the checker: commands and answers, what clients saw, and the log. */
export interface History {
  sends: Send[];
  /** Every item of the room in the Events table. */
  log: Stored[];
  /** Every page of `GET /events` from the start. */
  served: Entry[];
  /** Every page of `GET /chat-history`, from the newest to the oldest. */
  paged: Pick<Entry, 'seq' | 'id' | 'text'>[];
  /** Numbers without an event: an operator deleted it, or a rebuilt head skipped them. */
  gone: ReadonlySet<number>;
  /** Ids of events that an operator deleted; the checker does not demand them. */
  deleted: ReadonlySet<string>;
  head: { epoch: string; seq: number };
  readers: Reader[];
  recorders: Recorder[];
  /** Epochs whose numbers mean nothing any more, because the room was wiped. */
  retired: ReadonlySet<string>;
}

export interface Entry {
  seq: number;
  id: string;
  type: string;
  /** Absent if a deletion has scrubbed it, and for other types. */
  text?: string | undefined;
  /** Id of the message that a deletion deletes. */
  target?: string | undefined;
  /** When a server appended it, ms since 1970. */
  appendedAt?: number | undefined;
  /** Id of the person who is banned or unbanned. */
  person?: string | undefined;
  /** Duration of a ban; absent for a ban for good. */
  seconds?: number | undefined;
  /** Whether a ban also hides the person's earlier messages. */
  hide?: true | undefined;
}

export type Stored = Omit<Entry, 'seq'> & { seq?: number | undefined };

/** A send and all its retries. `unknown`: no answer came, so it may be in the log or not. */
export interface Send {
  client: string;
  id: string;
  /** Absent if the command is not a message. */
  text?: string | undefined;
  outcome: 'acked' | 'refused' | 'unknown';
}

export type Step = { at: number } & (
  | { kind: 'load'; epoch: string; last: number }
  | { kind: 'apply'; epoch: string; events: Entry[] }
  /** The client was told that its position is lost, and loads anew. */
  | { kind: 'reload' }
);

/** A widget's client: the events it applied, in order, and its final feed. */
export interface Reader {
  name: string;
  steps: Step[];
  final: { epoch: string; last: number; feed: readonly { seq: number; id: string; text?: string | undefined }[] };
}

/** A bare socket: all events it received, perhaps with gaps and repeats. */
export interface Recorder {
  name: string;
  frames: { at: number; epoch: string; events: Entry[] }[];
}
