/** The record of a run, for the checker: commands and answers, what clients saw, and the log. */
export interface History {
  sends: Send[];
  /** Every event of the room in the Events table, with or without a number. */
  log: Stored[];
  /** All events that `GET /events` serves, from the first. */
  served: Entry[];
  /** All messages that `GET /chat-history` serves, newest first. */
  paged: Pick<Entry, 'seq' | 'id' | 'text'>[];
  /** Numbers without an event: an operator deleted the event, or the head skipped the number when it was rebuilt. */
  gone: ReadonlySet<number>;
  /** Ids of events that an operator deleted. The checker does not demand that they are in the log. */
  deleted: ReadonlySet<string>;
  head: { epoch: string; seq: number };
  readers: Reader[];
  recorders: Recorder[];
  /** Epochs from before the room was wiped. Their numbers are used again, because a wiped room starts at 1. */
  retired: ReadonlySet<string>;
}

export interface Entry {
  seq: number;
  id: string;
  type: string;
  /**
   * Text of a message. Absent for other events, and for a message that was deleted, voided or hidden when the entry was
   * read; bans.ts explains "voided" and "hidden". In `log`, however, a hidden message has its text until a fan-out has
   * removed it.
   */
  text?: string | undefined;
  /** For a deletion: id of the deleted message. */
  target?: string | undefined;
  /** Time at which a server appended the event, ms since 1970. */
  appendedAt?: number | undefined;
  /** Id of the person who is banned or unbanned. */
  person?: string | undefined;
  /** Duration of a ban; absent if the ban is permanent. */
  seconds?: number | undefined;
  /** Whether a ban also hides the person's earlier messages. */
  hide?: true | undefined;
}

export type Stored = Omit<Entry, 'seq'> & { seq?: number | undefined };

/** A command and all its retries. `unknown`: the answers do not tell whether its event is in the log. */
export interface Send {
  client: string;
  id: string;
  /** Text of a message; absent for other commands. */
  text?: string | undefined;
  outcome: 'acked' | 'refused' | 'unknown';
}

export type Step = { at: number } & (
  | { kind: 'load'; epoch: string; last: number }
  | { kind: 'apply'; epoch: string; events: Entry[] }
  /** The client gave up its position and loads the newest page again. */
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
