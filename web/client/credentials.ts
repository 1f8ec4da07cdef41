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
/** A fresh token refused as well is a matter of configuration, which asking again does not mend. */
const MAX_REFUSALS = 2;

/** The token in use, who it speaks for, and when to renew it. */
export class Credentials {
  token: string | undefined;
  #refused: string | undefined;
  #refusals = 0;
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
    const token =
      this.#refusals < MAX_REFUSALS
        ? await life.within(TOKEN_TIMEOUT_MS, () => this.#getToken(this.#refused))
        : undefined;
    this.token = token === this.#refused ? undefined : token || undefined;
    return this.token;
  }

  /** The server said so. @returns false where that was about a token no longer in use */
  refuse(token: string | undefined): boolean {
    if (!token || token !== this.token) return false;
    this.#refused = token;
    this.#refusals++;
    return true;
  }

  /** The server took the token. */
  accepted(): void {
    this.#refusals = 0;
  }

  /** Somebody signed in or out: what was refused before says nothing about now. */
  forget(): void {
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

/** Whether two tokens speak for the same person; a socket cannot change hands. */
export function samePerson(a: string, b: string): boolean {
  const [one, other] = [claims(a), claims(b)];
  return one?.iss === other?.iss && one?.sub === other?.sub;
}

function expiryOf(token: string | undefined): number | undefined {
  const exp = claims(token)?.exp;
  return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1_000 : undefined;
}

/** The payload of a JWT, unverified: good for timing, and for nothing that needs trust. */
function claims(token: string | undefined): { iss?: unknown; sub?: unknown; exp?: unknown } | undefined {
  try {
    return JSON.parse(atob(token!.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return undefined;
  }
}
