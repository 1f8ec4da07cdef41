import type { Feed } from '../../src/domain/feed/feed.ts';
import type { Config, Epoch, ErrorCode, EventId, SequencedEvent } from '../../src/domain/schema.generated.ts';

export type ConnectionState =
  /** No socket yet, or a lost one is being replaced and nothing has failed so far. */
  | 'connecting'
  /** Everything up to the room's head is shown, and what comes next will be pushed. */
  | 'live'
  /** Connected, and messages missed meanwhile are being fetched. */
  | 'catching-up'
  /** The last attempt failed. Attempts go on. */
  | 'offline'
  /** Nothing is readable without signing in. */
  | 'signed-out'
  | 'closed';

export interface Failure {
  code: ErrorCode | 'timeout';
  message: string;
  retryAfterMs?: number;
}

/** A message of one's own until it arrives in the feed. */
export interface Outgoing {
  clientMessageId: string;
  text: string;
  /** This machine's clock at `post`, ms since 1970. */
  at: number;
  /** `sent`: durable on the server, its number has yet to arrive. */
  state: 'sending' | 'sent' | 'failed';
  /** Why it failed, or what the sender waits for. */
  error?: Failure;
}

export interface Snapshot {
  readonly feed: Feed;
  /** Oldest first. */
  readonly outgoing: readonly Outgoing[];
  readonly connection: ConnectionState;
  readonly config: Config | undefined;
  /** Everything up to `last` of this numbering is in the feed or was before the first page. */
  readonly position: { readonly epoch: Epoch; readonly last: number };
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** This machine's clock, ms since 1970; sending goes on then. */
  readonly rateLimitedUntil: number | undefined;
  readonly signedIn: boolean;
}

export interface Change {
  readonly snapshot: Snapshot;
  /** What was applied just now, in order of its numbers. */
  readonly arrived: readonly SequencedEvent[];
  /** The place in the room was lost: the feed is dropped and loaded again from its newest page (I7). */
  readonly reset: boolean;
  /** A deletion the server refused. */
  readonly refused?: { readonly target: EventId; readonly error: Failure };
}
