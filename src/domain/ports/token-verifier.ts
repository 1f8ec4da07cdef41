import type { Actor } from '../schema.generated.ts';

export interface Identity {
  actor: Actor;
  /** The person's roles that a room requires (`rolesOf` in admission/rooms.ts); absent if there are none. */
  roles?: readonly string[];
  /** When the token expires, ms since 1970. */
  expiresAt: number;
}

export interface TokenVerifier {
  /**
   * Verifies a token and returns the identity in it.
   * @throws ShoutError `unauthenticated` if the token is not valid; `forbidden` if it lacks the required scope;
   *   `unavailable` if the issuer's keys cannot be fetched
   */
  verify(token: string): Promise<Identity>;
}
