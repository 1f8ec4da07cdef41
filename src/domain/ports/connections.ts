import type { Actor, ActorId } from '../schema.generated.ts';
import type { Identity } from './token-verifier.ts';

export interface Connection {
  id: string;
  room: string;
  /** Absent for a guest, who reads only. */
  actor?: Actor;
  /**
   * Those of the person's roles that the setting ROOMS names; absent if there are none. `moderator` is never among
   * them, because `actor.role` says whether the person is a moderator.
   */
  roles?: readonly string[];
  /** When the token behind the connection expires, ms since 1970; absent for a guest. */
  tokenExpiresAt?: number;
  /** ms since 1970. */
  connectedAt: number;
  /**
   * A hash of the client's IP address, for the rate limits that count by address. Present only if a guest opened the
   * connection, even if the guest has signed in since.
   */
  address?: string;
}

/** Whether the token behind a connection has expired; `false` for a guest, who has no token. */
export function hasExpired({ tokenExpiresAt = Number.POSITIVE_INFINITY }: Connection, now: number): boolean {
  return tokenExpiresAt <= now;
}

export interface Connections {
  /**
   * Adds a connection. If the person then has more connections than the setting MAX_CONNECTIONS_PER_PERSON allows,
   * removes the oldest ones.
   * @returns the ids of the removed connections. If several calls run at once, only one of them returns a given id. The
   *   caller who gets an id tells that connection why it was removed, and closes it.
   */
  add(connection: Connection): Promise<readonly string[]>;
  /**
   * Sets the person behind a connection, the person's roles, and when the person's token expires.
   * @returns undefined if the connection is gone or belongs to another person; otherwise the ids of removed
   *   connections, as `add` returns them
   */
  authenticate(connection: Connection, identity: Identity): Promise<readonly string[] | undefined>;
  /** Removes a connection. Idempotent. */
  remove(connection: Pick<Connection, 'id'>): Promise<void>;
  /**
   * Removes many connections at once. Best effort: some may remain. Does not lower the connection counts of the
   * persons, so a count may be too high. Before `add` and `authenticate` remove a connection because of such a count,
   * they count the person's existing connections.
   */
  forget(ids: readonly string[], signal: AbortSignal): Promise<void>;
  /**
   * Lists the connections of a room, page by page. The listed connections may lack `actor`, `roles` and `address`,
   * which a fan-out does not need. Throws if `signal` aborts before the last page is read.
   */
  inRoom(room: string, signal: AbortSignal): AsyncIterable<readonly Connection[]>;
  /** Returns the open connections of a person, in every room. */
  ofPerson(actorId: ActorId): Promise<readonly Connection[]>;
}
