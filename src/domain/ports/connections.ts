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
  connectedAt: number;
}

export interface Connections {
  /** @throws ShoutError `rate_limited` if the person has MAX_CONNECTIONS_PER_PERSON open already */
  add(connection: Connection): Promise<void>;
  /**
   * Sets who is behind a connection and until when.
   * @returns false if the connection is gone or belongs to another person
   * @throws ShoutError `rate_limited` if a guest becomes a person who has too many connections open
   */
  authenticate(connection: Connection, identity: Identity): Promise<boolean>;
  /** Idempotent. */
  remove(connection: Pick<Connection, 'id'>): Promise<void>;
  /** Removes many connections at once. A person's count is corrected when it next reaches the cap. */
  forget(ids: readonly string[], signal: AbortSignal): Promise<void>;
  /** Every connection of a room, page by page. Throws where `signal` aborts. */
  inRoom(room: string, signal: AbortSignal): AsyncIterable<readonly Connection[]>;
  /** The open connections of a person, in every room. */
  ofPerson(actorId: ActorId): Promise<readonly Connection[]>;
}
