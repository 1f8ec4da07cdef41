import type { Actor, ActorId } from '../schema.generated.ts';
import type { Identity } from './token-verifier.ts';

export interface Connection {
  id: string;
  room: string;
  /** Absent for a guest, who reads only. */
  actor?: Actor;
  /** Roles that rooms ask for; absent for none. */
  roles?: readonly string[];
  /** When the token behind the connection ends, ms since 1970; absent for a guest. */
  tokenExpiresAt?: number;
  /** ms since 1970. */
  connectedAt: number;
  /** The key of the address, if a guest opened the connection. That guest may have signed in since. */
  address?: string;
}

/** Whether the token behind a connection has ended; never for a guest. */
export function hasExpired({ tokenExpiresAt = Number.POSITIVE_INFINITY }: Connection, now: number): boolean {
  return tokenExpiresAt <= now;
}

export interface Connections {
  /**
   * Adds a connection. A person has at most MAX_CONNECTIONS_PER_PERSON connections. One more takes the place of the
   * oldest.
   * @returns the ids of the connections that were removed for it, each once. The caller tells and closes them.
   */
  add(connection: Connection): Promise<readonly string[]>;
  /**
   * Sets the person behind a connection, and when their token ends.
   * @returns undefined if the connection is gone or belongs to another person; otherwise the ids that were removed for
   *   it, as `add` does
   */
  authenticate(connection: Connection, identity: Identity): Promise<readonly string[] | undefined>;
  /** Removes a connection. Idempotent. */
  remove(connection: Pick<Connection, 'id'>): Promise<void>;
  /** Removes many connections at once. A person's count is corrected when it next reaches the cap. */
  forget(ids: readonly string[], signal: AbortSignal): Promise<void>;
  /** Every connection of a room, page by page. Throws if `signal` aborts. */
  inRoom(room: string, signal: AbortSignal): AsyncIterable<readonly Connection[]>;
  /** The open connections of a person, in every room. */
  ofPerson(actorId: ActorId): Promise<readonly Connection[]>;
}
