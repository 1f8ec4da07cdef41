import { claimsOf } from './claims.ts';
import type { Lifetime } from './lifetime.ts';

/**
 * Returns a valid token, renewed if needed; `undefined` for a guest.
 * @param refused a token that the server refused, even if it has not expired
 */
export type GetToken = (refused?: string) => Promise<string | undefined>;

/** Maximum wait for `getToken`, which may wait for a slow issuer and, on some pages, for a person. */
const TOKEN_TIMEOUT_MS = 60_000;
/**
 * Number of refusals in a row after which no more tokens are asked for. If a fresh token on a fresh connection is
 * refused too, asking again does not help.
 */
const MAX_REFUSALS = 2;

/** The token in use, and the last token that was refused. */
export class Credentials {
  token: string | undefined;
  /** Whether a request for the next token is under way. */
  asking = false;
  #refused: string | undefined;
  #refusals = 0;
  #turn = 0;
  readonly #getToken: GetToken;

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  /** Whether so many tokens were refused in a row that no more are asked for. */
  get givenUp(): boolean {
    return this.#refusals >= MAX_REFUSALS;
  }

  /**
   * Asks for the next token. Rejects if `getToken` rejects or does not answer in time. Does not return undefined then,
   * because the person may still be signed in.
   */
  async acquire(life: Lifetime): Promise<string | undefined> {
    const turn = ++this.#turn;
    this.asking = true;
    try {
      const token = this.givenUp ? undefined : await life.within(TOKEN_TIMEOUT_MS, () => this.#getToken(this.#refused));
      // Only the answer to the latest question counts, because the person may have changed since an earlier one.
      if (turn === this.#turn) this.token = token || undefined;
    } finally {
      if (turn === this.#turn) this.asking = false;
    }
    return this.token;
  }

  /**
   * Records a refused token. The server may have refused it only because the connection's row was lost, so the same
   * token may be tried once more.
   * @returns false if that token is not the one in use
   */
  refuse(token: string | undefined): boolean {
    if (!token || token !== this.token) return false;
    this.#refused = token;
    this.#refusals++;
    return true;
  }

  /** Forgets earlier refusals, because the server accepted the token, or somebody signed in or out. */
  accepted(): void {
    this.#refused = undefined;
    this.#refusals = 0;
  }
}

/**
 * Returns the person of a token: issuer and subject, separated by a space. Undefined for a guest and for an opaque
 * token.
 */
export function personOf(token: string | undefined): string | undefined {
  const { iss, sub } = claimsOf(token) ?? {};
  return sub === undefined ? undefined : `${iss} ${sub}`;
}
