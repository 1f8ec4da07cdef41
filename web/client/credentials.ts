import { claimsOf } from './claims.ts';
import type { Lifetime } from './lifetime.ts';

/**
 * Returns a valid token, renewed if needed; `undefined` for a guest.
 * @param refused the token that the server last refused, which is to be renewed even if it has not expired; undefined
 *   if the server has refused none since it last accepted one
 */
export type GetToken = (refused?: string) => Promise<string | undefined>;

/** Maximum wait for `getToken`, which may wait for a slow issuer and, on some pages, for a person. */
const TOKEN_TIMEOUT_MS = 60_000;
/**
 * Number of refusals in a row after which the client stops asking for tokens. If the server also refuses a fresh token
 * on a fresh connection, asking again does not help.
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

  /** Whether the server refused so many tokens in a row that the client has stopped asking for more. */
  get givenUp(): boolean {
    return this.#refusals >= MAX_REFUSALS;
  }

  /**
   * Asks for the next token. Resolves to undefined without asking if `givenUp`. Rejects if `getToken` rejects, if it
   * takes longer than `TOKEN_TIMEOUT_MS`, or if `life` ends first. It does not resolve to undefined in these cases,
   * because undefined stands for a guest, and the person may still be signed in.
   */
  async acquire(life: Lifetime): Promise<string | undefined> {
    const turn = ++this.#turn;
    this.asking = true;
    try {
      const token = this.givenUp ? undefined : await life.within(TOKEN_TIMEOUT_MS, () => this.#getToken(this.#refused));
      // Only the latest call of `getToken` counts, because the person may have changed since an earlier call.
      if (turn === this.#turn) this.token = token || undefined;
    } finally {
      if (turn === this.#turn) this.asking = false;
    }
    return this.token;
  }

  /**
   * Records that the server refused a token. One refusal does not rule the token out: the server may only have lost its
   * record of the connection. `getToken` may therefore return the same token once more.
   * @returns false, without recording, if there is no token or if it is not the one in use
   */
  refuse(token: string | undefined): boolean {
    if (!token || token !== this.token) return false;
    this.#refused = token;
    this.#refusals++;
    return true;
  }

  /**
   * Forgets earlier refusals. Called when the connection or the token has proved good, and at a sign-in or sign-out.
   */
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
