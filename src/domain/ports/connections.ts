import type { Actor, ActorId } from '../schema.generated.ts';
import type { Identity } from './token-verifier.ts';

export interface Connection {
  id: string;
  room: string;
  /** Absent for a guest, who reads only. */
  actor?: Actor;
  /** The person's roles that rooms name; absent if there are none. */
  roles?: readonly string[];
  /** When the token behind the connection expires, ms since 1970; absent for a guest. */
  tokenExpiresAt?: number;
  /** ms since 1970. */
  connectedAt: number;
  /** The key of the client's IP address, if a guest opened the connection. The guest may have signed in since. */
  address?: string;
}

/** Whether the token behind a connection has expired; never for a guest. */
export function hasExpired({ tokenExpiresAt = Number.POSITIVE_INFINITY }: Connection, now: number): boolean {
  return tokenExpiresAt <= now;
}

export interface Connections {
  /**
   * Adds a connection. If the person then has more than MAX_CONNECTIONS_PER_PERSON connections, removes the oldest
   * ones.
   * @returns the ids of the removed connections, each to one caller only. The caller tells these connections why, and
   *   closes them.
   */
  add(connection: Connection): Promise<readonly string[]>;
  /**
   * Sets the person behind a connection, and when their token expires.
   * @returns undefined if the connection is gone or belongs to another person; otherwise the ids of removed
   *   connections, as `add` returns them
   */
  authenticate(connection: Connection, identity: Identity): Promise<readonly string[] | undefined>;
  /** Removes a connection. Idempotent. */
  remove(connection: Pick<Connection, 'id'>): Promise<void>;
  /**
   * Removes many connections at once, but not from the counts of their people. A person's count is corrected when it
   * next exceeds the cap.
   */
  forget(ids: readonly string[], signal: AbortSignal): Promise<void>;
  /**
   * Lists every connection of a room, page by page. May leave out the people, roles and addresses, which a fan-out does
   * not need. Throws if `signal` aborts.
   */
  inRoom(room: string, signal: AbortSignal): AsyncIterable<readonly Connection[]>;
  /** Returns the open connections of a person, in every room. */
  ofPerson(actorId: ActorId): Promise<readonly Connection[]>;
}
