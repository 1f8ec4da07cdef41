import { errors, jwtVerify } from 'jose';
import { ShoutError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Identity, TokenVerifier } from '../../domain/ports/token-verifier.ts';
import { identify, type Settings } from './claims.ts';
import type { IssuerKeys } from './issuer-keys.ts';

/** No HMAC, so that nobody can sign a token with the issuer's public key as the secret (RFC 8725, section 3.1). */
const ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA', 'Ed25519'];
const CLOCK_TOLERANCE_S = 5;
const MAX_TOKEN_BYTES = 8 * 1_024;
/** The form of a compact JWS. It is checked before anything is decoded. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/**
 * Accepted values of `typ` in a token's header. RFC 9068, section 2.1 requires `at+jwt`, but most issuers still say
 * `JWT` or nothing.
 */
const TYPES: readonly unknown[] = [undefined, 'JWT', 'jwt', 'at+jwt', 'application/at+jwt'];

interface Expected extends Settings {
  issuer: string;
  audience: string;
  requiredScope: string | undefined;
}

/** Verifies OAuth 2.0 access tokens of one OpenID Connect issuer (RFC 9068; RFC 8725). */
export class JwtVerifier implements TokenVerifier {
  readonly #expected: Expected;
  readonly #keys: IssuerKeys;
  readonly #now: Clock;

  constructor(expected: Expected, keys: IssuerKeys, now: Clock) {
    this.#expected = expected;
    this.#keys = keys;
    this.#now = now;
  }

  async verify(token: string): Promise<Identity> {
    if (token.length > MAX_TOKEN_BYTES || !COMPACT.test(token)) throw refuse('This is not a token.');
    const { issuer, audience, requiredScope } = this.#expected;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.#keys.resolve, {
        issuer,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(this.#now()),
        requiredClaims: ['iss', 'exp', 'sub'],
      });
      if (!TYPES.includes(protectedHeader.typ))
        throw refuse(`A token of type ${protectedHeader.typ} is not an access token.`);
      if (!isAccessToken(payload)) throw refuse('This is an ID token; an access token is needed.');
      if (!isFor(payload, audience)) throw refuse('The token is for another audience.');
      // The code is not `unauthenticated`, because the client would then get a new token, which would lack the scope,
      // too (`insufficient_scope`, RFC 6750, section 3.1).
      if (requiredScope && !scopesOf(payload).includes(requiredScope))
        throw new ShoutError('forbidden', `The token lacks the scope ${requiredScope}.`);
      const { actor, ...rest } = identify(payload, this.#expected, this.#now(), CLOCK_TOLERANCE_S);
      const { skeletonHash } = await import('./skeleton.ts');
      return { actor: { ...actor, skeleton: skeletonHash(actor.name) }, ...rest };
    } catch (error) {
      if (error instanceof errors.JOSEError) throw refuse(`The token was refused: ${error.code}.`, error);
      throw error;
    }
  }
}

function refuse(message: string, cause?: unknown): ShoutError {
  return new ShoutError('unauthenticated', message, { cause });
}

/** Returns false for an ID token, which is for the client, not for an API (OpenID Connect Core, section 2). */
function isAccessToken({ token_use, typ, nonce, at_hash, c_hash }: Record<string, unknown>): boolean {
  // Cognito marks an ID token by the claim `token_use`, Keycloak by the claim `typ`.
  if (token_use === 'id' || typ === 'ID') return false;
  // Keycloak's access tokens have the claim `typ: Bearer` and, up to version 23, a `nonce`. From other issuers, only an
  // ID token holds a `nonce`, an `at_hash` or a `c_hash`.
  if (typ === 'Bearer') return true;
  return nonce === undefined && at_hash === undefined && c_hash === undefined;
}

/** Whether a token is for the audience. Cognito's access tokens have no `aud`, so their `client_id` is compared. */
function isFor({ aud, token_use, client_id }: Record<string, unknown>, audience: string): boolean {
  if (aud === undefined) return token_use === 'access' && client_id === audience;
  return aud === audience || (Array.isArray(aud) && aud.includes(audience));
}

/**
 * Returns the scopes of a token. `scope` is one string (RFC 8693, section 4.2). Entra ID calls the claim `scp`; other
 * issuers, such as Okta, make `scp` a list.
 */
function scopesOf({ scope, scp }: Record<string, unknown>): string[] {
  const value = scope ?? scp;
  return typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
}
