import type { Feed } from '../../src/domain/feed/feed.ts';
import type {
  ClientFrame,
  Config,
  Epoch,
  ErrorCode,
  EventId,
  Problem,
  Role,
  Rule,
  SequencedEvent,
} from '../../src/domain/schema.generated.ts';

export type ConnectionState =
  /**
   * No socket is open, and the last attempts to connect and to load the feed did not fail. During the first request for
   * history, a failed attempt to connect does not count (see `connectionState`).
   */
  | 'connecting'
  /** Connected, and the feed is up to date. An event that arrives late may be missing for a moment. */
  | 'live'
  /** Connected, but the feed has not caught up with the room yet, or has missed events that must be fetched. */
  | 'catching-up'
  /** The last attempt to connect or to load the feed failed, or the machine reports no network. Attempts go on. */
  | 'offline'
  /**
   * Disconnected, because nobody looked at the page for a while, or because the person has opened too many other
   * connections. Connects again when the page is used.
   */
  | 'resting'
  /** The room cannot be read without signing in. */
  | 'signed-out'
  /** The room is not open to this person, or there is no room of this name. */
  | 'forbidden'
  | 'closed';

/** Something that a person can do in a room: every client frame except `ping` and `authenticate`. */
export type Command = Exclude<ClientFrame, { action: 'ping' | 'authenticate' }>;

/** A command with the id that makes sending it twice harmless (I2 of docs/guarantees.md). */
export type IdentifiedCommand = Command & { clientMessageId: string };

export interface Failure {
  code: ErrorCode | 'timeout';
  message: string;
  retryAfterMs?: number;
  /** The room's rule that refused the command. */
  rule?: Rule;
  /** When a ban ends, ms since 1970; absent if it has no end. */
  until?: number;
}

/** One of the user's own messages, until it arrives in the feed. */
export interface Outgoing {
  clientMessageId: string;
  text: string;
  /** When it was posted, by this machine's clock, ms since 1970. */
  at: number;
  /** `sent`: stored by the server, but its event has not arrived yet. */
  state: 'sending' | 'sent' | 'failed';
  /** Why the message failed, or why it waits for a retry. */
  error?: Failure;
}

/** A command that the person has issued and that still waits for an answer, its event or a retry. */
export interface Entry {
  readonly command: IdentifiedCommand;
  /** When the person issued the command, ms since 1970 by this machine's clock. */
  readonly at: number;
  /**
   * The author: issuer and subject, separated by a space. Only the author sees the command, and it is sent only under
   * the author's name. Undefined for a guest's command: whoever signs in next becomes the author.
   */
  person: string | undefined;
  state: Outgoing['state'];
  attempts: number;
  error?: Failure;
  /** Id of the command's event, from the ack. */
  eventId?: EventId;
}

/** The state of sending, as plain data. */
export interface Sending {
  /** Oldest first. */
  entries: Entry[];
  /** The command that was sent and has no answer yet. */
  inFlight: Entry | undefined;
  /** When sending continues, by this machine's clock, ms since 1970; undefined if the rate is not limited. */
  rateLimitedUntil: number | undefined;
}

export interface Snapshot {
  readonly feed: Feed;
  /** Oldest first. */
  readonly outgoing: readonly Outgoing[];
  readonly connection: ConnectionState;
  readonly config: Config | undefined;
  /**
   * Every event of this `epoch` up to number `last` is in the feed, or is older than the page that was loaded first.
   */
  readonly position: { readonly epoch: Epoch; readonly last: number };
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** When sending continues, by this machine's clock, ms since 1970; undefined if the rate is not limited. */
  readonly rateLimitedUntil: number | undefined;
  readonly signedIn: boolean;
  /** The person who is shown as signed in: issuer and subject, separated by a space. */
  readonly person: string | undefined;
  /** The role that the server gives this person; undefined for most people. */
  readonly role: Role | undefined;
  /** How many connections the room has, according to the server's last count; undefined before the first count. */
  readonly people: number | undefined;
  /** Whether the server refused two tokens in a row. The client then stops asking `getToken`. */
  readonly tokenRefused: boolean;
  /** Why the server does not let this person read the room; undefined if it does, or if it has not answered yet. */
  readonly barred: Problem | undefined;
}

export interface Change {
  readonly snapshot: Snapshot;
  /** The events that were just applied, in order of their numbers. */
  readonly arrived: readonly SequencedEvent[];
  /**
   * Whether the feed was dropped and is loaded again from the newest page: the numbering has a new epoch, too many
   * events are missing, or the server does not return a missing event (I7 of docs/guarantees.md).
   */
  readonly reset: boolean;
  /** A command that was refused or given up, unless it is a message. A message stays in `outgoing` instead. */
  readonly refused?: { readonly command: Command; readonly error: Failure };
}
