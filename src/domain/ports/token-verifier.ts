import type { Actor } from '../schema.generated.ts';

export interface Identity {
  actor: Actor;
  /** ms since 1970. */
  expiresAt: number;
}

export interface TokenVerifier {
  /** @throws ShoutError `unauthenticated`; `forbidden` where a scope is missing; `unavailable` where the issuer's keys cannot be had */
  verify(token: string): Promise<Identity>;
}
