import type { Actor, Config } from '../../../src/domain/schema.generated.ts';
import { actorOf, claimsOf } from '../../client/claims.ts';

type GetToken = (refused?: string) => Promise<string | undefined>;

interface Page {
  readonly getToken: GetToken | undefined;
  requestUpdate(): void;
}

interface Hooks {
  /** Called when the page should be asked for its token again. */
  changed: () => void;
  /** Called with something that the author of the page can mend. */
  misconfigured: (message: string) => void;
}

/** Syntax of a token (RFC 6750, section 2.1). A faulty `getToken` may return something else, such as a login page. */
const TOKEN = /^[\w.~+/-]+=*$/;
/** Time to wait for the page's answer, ms. After that the person is a guest, but a late answer is still used. */
const LATE_MS = 10_000;
const ASK_AGAIN_MS = 30_000;
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * A session that the embedding page manages: the tokens come from the page's `getToken`. The person is a guest while
 * `getToken` gives no valid token.
 */
export class PageSession {
  user: Actor | undefined;
  readonly #page: Page;
  readonly #hooks: Hooks;
  #token: string | undefined;
  /** The token that the server refuses. It is not used again before {@link forget} is called. */
  #refused: string | undefined;
  /** The page's answer, until it is used or dropped. While this is set, `getToken` is not called again. */
  #answer: Promise<unknown> | undefined;
  #isLate = false;
  /** The page's `getToken` that was called last. If the page sets another one, earlier answers no longer matter. */
  #getToken: GetToken | undefined;
  #hasReportedFailure = false;
  #failures = 0;
  #failedAt = 0;
  #askAgain: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page, hooks: Hooks) {
    this.#page = page;
    this.#hooks = hooks;
  }

  /**
   * Asks the page for its token, and sets `user` to the token's person.
   * @param refused the token that the server has just refused, if any
   * @param nameClaim claim that holds the display name
   * @returns undefined for a guest
   */
  async token(refused: string | undefined, nameClaim = 'name'): Promise<string | undefined> {
    const token = await this.#ask(refused);
    if (token !== this.#token) {
      this.#token = token;
      this.user = token ? await actorOf(token, nameClaim) : undefined;
      this.#page.requestUpdate();
    }
    return token;
  }

  /**
   * Makes the person a guest until there is another token. Called when the server refuses the token, and asking the
   * page again did not help.
   */
  refused(config: Config | undefined): void {
    this.#refused = this.#token;
    this.#token = this.user = undefined;
    this.#fail(`gives a token that the server refuses: ${faultOf(this.#refused, config)}`);
    this.#page.requestUpdate();
  }

  /**
   * Drops what is known of earlier answers, because the page may answer differently now. Called when the person wants
   * to sign in, and when the page has set another `getToken`.
   */
  forget(): void {
    this.#answer = this.#refused = undefined;
    this.#isLate = false;
  }

  stop(): void {
    clearTimeout(this.#askAgain);
  }

  async #ask(refused: string | undefined): Promise<string | undefined> {
    this.stop();
    if (this.#getToken !== this.#page.getToken) {
      this.#getToken = this.#page.getToken;
      this.forget();
      this.#hasReportedFailure = false;
      this.#failures = 0;
    }
    this.#answer ??= (async () => this.#getToken?.(refused))();
    const answer = this.#answer;
    try {
      if (!(await settles(answer, this.#isLate ? 0 : LATE_MS))) {
        this.#report(`gave no answer within ${LATE_MS / 1_000} seconds`);
        this.#wait(answer);
        return undefined;
      }
      if (this.#answer === answer) {
        this.#answer = undefined;
        this.#isLate = false;
      }
      const token = (await answer) || undefined;
      if (token === undefined) return undefined;
      if (typeof token !== 'string' || !TOKEN.test(token)) throw `it gave ${token}`.slice(0, 80);
      if (token !== this.#refused) return token;
      this.#fail('gives a token that the server refuses');
    } catch (error) {
      this.#fail(`failed: ${error}`);
    }
    return undefined;
  }

  /** Calls `changed` when a late answer has come, so that the answer is used. */
  #wait(answer: Promise<unknown>): void {
    if (this.#isLate || this.#answer !== answer) return;
    this.#isLate = true;
    const come = () => this.#answer === answer && this.#hooks.changed();
    answer.then(come, come);
  }

  /** Reports a failure and asks the page again later. The waits grow to at most `LONGEST_WAIT_MS`. */
  #fail(how: string): void {
    this.#report(how);
    const now = Date.now();
    if (now - this.#failedAt > 2 * LONGEST_WAIT_MS) this.#failures = 0;
    this.#failedAt = now;
    this.stop();
    this.#askAgain = setTimeout(this.#hooks.changed, Math.min(LONGEST_WAIT_MS, ASK_AGAIN_MS * 2 ** this.#failures++));
  }

  /** Reports only the first failure of each `getToken` that the page sets. */
  #report(how: string): void {
    if (!this.#hasReportedFailure) this.#hooks.misconfigured(`getToken ${how}`);
    this.#hasReportedFailure = true;
  }
}

async function settles(answer: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timeout = setTimeout(() => resolve(false), ms);
  const settled = () => true;
  return Promise.race([answer.then(settled, settled), late]).finally(() => clearTimeout(timeout));
}

/** Returns why a server may refuse a token, as far as the token shows. */
function faultOf(token: string | undefined, config: Config | undefined): string {
  const claims = claimsOf(token);
  if (!claims) return 'it is no JWT.';
  const { iss, aud, exp } = claims as { iss?: string; aud?: string | string[]; exp?: number };
  if (exp !== undefined && exp * 1_000 <= Date.now()) return `it ended at ${new Date(exp * 1_000).toISOString()}.`;
  if (config && iss !== config.issuer) return `its \`iss\` is ${iss}, not ${config.issuer}.`;
  if (config && ![aud].flat().includes(config.audience)) return `its \`aud\` is ${aud}, not ${config.audience}.`;
  return 'its signature or a claim that the server wants is wrong.';
}
