import { createLocalJWKSet, errors, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { ShoutError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';

type Keys = ReturnType<typeof createLocalJWKSet>;

/** Age at which keys are fetched again, ms. */
const FRESH_MS = 10 * 60_000;
/** Time for which known keys keep working while the issuer does not answer, ms. */
const GRACE_MS = 24 * 3_600_000;
/** Minimum time between a successful fetch and the next one, ms, even if tokens with unknown keys arrive. */
const COOLDOWN_MS = 30_000;
/** Wait after the first failed fetch, ms. It doubles with each further failure, up to `LAST_RETRY_MS`. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 5_000;
/** Time-out of a fetch, ms: for both of its requests together, the discovery document and the keys. */
const TIMEOUT_MS = 3_000;
const MAX_BYTES = 256 * 1_024;
/** Maximum difference between the issuer's clock and this one, ms. Also covers the rounding of `iat` to seconds. */
const SKEW_MS = 5_000;

/**
 * The signing keys of one issuer. The issuer's discovery document says where they are (OpenID Connect Discovery 1.0,
 * section 4).
 *
 * While the issuer is down, known keys keep working, and the issuer is not flooded with requests. jose's
 * `createRemoteJWKSet` does not do this: it drops stale keys, and asks the issuer again for every token.
 */
export class IssuerKeys {
  readonly #issuer: string;
  readonly #fetch: typeof fetch;
  readonly #now: Clock;
  #keys: Keys | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #nextLookAt = Number.NEGATIVE_INFINITY;
  /** Number of failed fetches in a row. */
  #failures = 0;
  #pending: Promise<void> | undefined;

  constructor(issuer: string, fetchImplementation: typeof fetch, now: Clock) {
    this.#issuer = issuer;
    this.#fetch = fetchImplementation;
    this.#now = now;
  }

  /**
   * Finds the key of a token, for jose.
   * @throws ShoutError `unavailable` if the key cannot be fetched now; jose's error if the issuer has no such key
   */
  readonly resolve = async (header: JWSHeaderParameters, token: FlattenedJWSInput) => {
    if (this.#age() > FRESH_MS || this.#age() < 0) await this.#refresh();
    if (!this.#keys || this.#age() > GRACE_MS) throw this.#unavailable();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // The issuer may have added the unknown key since the last fetch.
      const last = this.#fetchedAt;
      await this.#refresh();
      if (this.#fetchedAt !== last) return this.#keys(header, token);
      // No keys were fetched, because the fetch failed or the last one was too recent (see `COOLDOWN_MS`). If it
      // failed, or if the token was issued after the last fetch, the issuer may have the key. The client then gets
      // `unavailable` and tries again. `unauthenticated` would sign the person out.
      const issued = issuedAt(token);
      const isYounger = issued > last - SKEW_MS && issued <= this.#now() + SKEW_MS;
      if (this.#failures > 0 || isYounger) throw this.#unavailable();
      throw error;
    }
  };

  /** Returns the age of the keys, ms; below 0 if the clock was set back since the last fetch. */
  #age(): number {
    return this.#now() - this.#fetchedAt;
  }

  async #refresh(): Promise<void> {
    const wait = this.#nextLookAt - this.#now();
    // A longer wait means that the clock was set back.
    if (!this.#pending && wait > 0 && wait <= COOLDOWN_MS) return;
    this.#pending ??= this.#load().finally(() => {
      this.#pending = undefined;
    });
    await this.#pending;
  }

  async #load(): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const document = `${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
      const discovery = await this.#getJson(document, signal);
      if (discovery.issuer !== this.#issuer) throw new Error(`The discovery document is of ${discovery.issuer}.`);
      const keysUrl = String(discovery.jwks_uri);
      // The keys of an https: issuer must come over TLS (RFC 8414, section 2). An http: issuer needs no TLS, because it
      // is meant only for a stack on one machine.
      if (new URL(keysUrl).protocol !== new URL(this.#issuer).protocol) throw new Error(`The keys are at ${keysUrl}.`);
      const jwks = await this.#getJson(keysUrl, signal);
      if (!Array.isArray(jwks.keys) || jwks.keys.length === 0) throw new Error(`There are no keys at ${keysUrl}.`);
      this.#keys = createLocalJWKSet(jwks as unknown as Parameters<typeof createLocalJWKSet>[0]);
      this.#fetchedAt = this.#now();
      this.#failures = 0;
      this.#nextLookAt = this.#fetchedAt + COOLDOWN_MS;
    } catch {
      // The wait is short, because a process without keys can verify no token. The issuer still gets few requests,
      // because all callers share one fetch.
      this.#nextLookAt = this.#now() + Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, LAST_RETRY_MS);
    }
  }

  #unavailable(): ShoutError {
    return new ShoutError('unavailable', "The issuer's keys cannot be had right now. Try again soon.", {
      retryAfterMs: Math.max(this.#nextLookAt - this.#now(), 0),
    });
  }

  async #getJson(url: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    const answer = await this.#fetch(url, { redirect: 'error', signal });
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}.`);
    const text = await answer.text();
    if (text.length > MAX_BYTES) throw new Error(`${url} is too large.`);
    return JSON.parse(text);
  }
}

/** Returns the token's `iat`, ms since 1970. It is not verified yet, and only selects the error to throw. */
function issuedAt({ payload }: FlattenedJWSInput): number {
  try {
    const { iat } = JSON.parse(Buffer.from(payload as string, 'base64url').toString());
    return Number(iat) * 1_000;
  } catch {
    return 0;
  }
}
