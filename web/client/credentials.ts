import { claimsOf } from './claims.ts';
import type { Lifetime } from './lifetime.ts';

/**
 * Gives a token that is good now, renewing it if need be; `undefined` for a guest.
 * @param refused a token the server does not take (any more), whatever its expiry says
 */
export type GetToken = (refused?: string) => Promise<string | undefined>;

/** Renewal may wait for a slow issuer, and on some hosts for a person. */
const TOKEN_TIMEOUT_MS = 60_000;
const RENEW_BEFORE_MS = 60_000;
const RENEW_AGAIN_MS = 10_000;
/** In a row: a fresh token on a fresh connection refused as well is not mended by asking again. */
const MAX_REFUSALS = 2;

/** The token in use, who it speaks for, and when to renew it. */
export class Credentials {
  token: string | undefined;
  #refused: string | undefined;
  #refusals = 0;
  #turn = 0;
  #cancelRenewal: (() => void) | undefined;
  #renewAt = Number.POSITIVE_INFINITY;
  readonly #getToken: GetToken;
  readonly #now: () => number;

  constructor(getToken: GetToken, now: () => number) {
    this.#getToken = getToken;
    this.#now = now;
  }

  /** Asks for the token to use from here on. Rejects where `getToken` does: not knowing is not being signed out. */
  async acquire(life: Lifetime): Promise<string | undefined> {
    const turn = ++this.#turn;
    const token =
      this.#refusals < MAX_REFUSALS
        ? await life.within(TOKEN_TIMEOUT_MS, () => this.#getToken(this.#refused))
        : undefined;
    // Only the latest answer counts: an earlier question was asked before whoever signed in or out since.
    if (turn === this.#turn) this.token = token || undefined;
    return this.token;
  }

  /**
   * The server said so. That may be about the token or, where its row was cleared away, about the connection alone, so
   * the same token may be shown once more.
   * @returns false where that was about a token no longer in use
   */
  refuse(token: string | undefined): boolean {
    if (!token || token !== this.token) return false;
    this.#refused = token;
    this.#refusals++;
    return true;
  }

  /** The server took the token, or somebody signed in or out: what was refused before says nothing about now. */
  accepted(): void {
    this.#refused = undefined;
    this.#refusals = 0;
  }

  /** Calls `renew` in time before the end of the token, or of `expiresAt` as the server tells it. */
  schedule(life: Lifetime, renew: () => void, expiresAt = expiryOf(this.token)): void {
    this.#cancelRenewal?.();
    this.#renewAt = Number.POSITIVE_INFINITY;
    if (!this.token || expiresAt === undefined) return;
    const left = expiresAt - this.#now();
    const delay = Math.max(RENEW_AGAIN_MS, left - Math.min(RENEW_BEFORE_MS, left / 4));
    this.#renewAt = this.#now() + delay;
    this.#cancelRenewal = life.after(delay, renew);
  }

  /** A machine that slept runs its timers late. */
  get overdue(): boolean {
    return this.#now() >= this.#renewAt;
  }
}

/** Whether two tokens speak for the same person. */
export function samePerson(a: string, b: string): boolean {
  return personOf(a) === personOf(b);
}

/** Who a token speaks for: issuer and subject. Undefined for a guest and for an opaque token. */
export function personOf(token: string | undefined): string | undefined {
  const { iss, sub } = claimsOf(token) ?? {};
  return sub === undefined ? undefined : `${iss} ${sub}`;
}

function expiryOf(token: string | undefined): number | undefined {
  const exp = claimsOf(token)?.exp;
  return Number.isFinite(exp) ? (exp as number) * 1_000 : undefined;
}
