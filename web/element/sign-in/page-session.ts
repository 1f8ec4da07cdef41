import type { Actor } from '../../../src/domain/schema.generated.ts';
import { actorOf } from '../../client/claims.ts';
import type { SignInProblem } from './sign-in.ts';

interface Page {
  readonly getToken: ((refused?: string) => Promise<string | undefined>) | undefined;
  requestUpdate(): void;
}

interface Hooks {
  /** The page should be asked again. @param problem set if the session ended without the person's doing */
  changed: (problem?: SignInProblem) => void;
  /** Something that the author of the page can mend. */
  misconfigured: (message: string) => void;
}

/** RFC 6750, section 2.1. A login page or a JSON document has other characters. */
const TOKEN = /^[\w.~+/-]+=*$/;
const ASK_AGAIN_MS = 30_000;

/** The page's own session: its `getToken` gives the tokens. If it fails, the person is a guest. */
export class PageSession {
  user: Actor | undefined;
  readonly #page: Page;
  readonly #hooks: Hooks;
  #token: string | undefined;
  #hasReportedFailure = false;
  #askAgain: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page, hooks: Hooks) {
    this.#page = page;
    this.#hooks = hooks;
  }

  /** @param nameClaim claim that holds the display name */
  async token(refused: string | undefined, nameClaim = 'name'): Promise<string | undefined> {
    const token = await this.#ask(refused);
    if (token !== this.#token) {
      this.#token = token;
      this.user = token ? await actorOf(token, nameClaim) : undefined;
      this.#page.requestUpdate();
    }
    return token;
  }

  /** The server refuses the token, and asking for another did not help. */
  refused(): void {
    this.user = undefined;
    this.#hooks.changed(Object.assign(new Error('The server refuses the token.'), { said: 'refused' as const }));
  }

  stop(): void {
    clearTimeout(this.#askAgain);
  }

  async #ask(refused: string | undefined): Promise<string | undefined> {
    this.stop();
    try {
      const token = (await this.#page.getToken?.(refused)) || undefined;
      if (token && !TOKEN.test(token)) throw `it gave ${token}`.slice(0, 80);
      return token;
    } catch (error) {
      if (!this.#hasReportedFailure) this.#hooks.misconfigured(`getToken failed: ${error}`);
      this.#hasReportedFailure = true;
      this.#askAgain = setTimeout(() => this.#hooks.changed(), ASK_AGAIN_MS);
      return undefined;
    }
  }
}
