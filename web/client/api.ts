import type { ChatHistoryPage, Config, EventsPage, Problem } from '../../src/domain/schema.generated.ts';
import type { Lifetime } from './lifetime.ts';
import { isSafeUrl } from './safe-url.ts';
import { serverOf } from './server.ts';
import { isConfig, isEventsPage, isHistoryPage } from './wire.ts';

/**
 * Maximum wait for an answer: long enough for a cold start and a slow phone, and short enough that a retry comes while
 * the person still waits.
 */
const ANSWER_TIMEOUT_MS = 15_000;

/** Why a request failed: no answer, an error status, or an answer that does not match the schema. */
export interface RequestError extends Error {
  /**
   * How long the answer's body asks the client to wait before the next attempt, ms. 0 if it asks for no wait; absent
   * without an answer.
   */
  retryAfterMs?: number;
  /** Whether the server refused the request with a 4xx status; absent without an answer. */
  refused?: boolean;
}

interface Options {
  server: string;
  room: string;
  /** Messages on a page of history. If it is not at least 1, the server's default applies. */
  pageSize: number;
  fetch: typeof fetch;
  token: () => string | undefined;
  /** Called when the server answers 401. `token` is the token of the request; undefined if the request had none. */
  unauthenticated: (token: string | undefined) => void;
  /** Called when a rule of the room, such as a ban, keeps the person with this token from reading. */
  barred: (problem: Problem, token: string | undefined) => void;
  /** Called when a successful answer does not match the schema. */
  malformed: () => void;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The HTTP requests of a client. Each settles within `ANSWER_TIMEOUT_MS`, or earlier if its `life` ends. */
export class Api {
  /**
   * Maximum number of messages or events to ask for in one request. The server refuses a request for more than its
   * limit (`PAGE_SIZE_MAX`, by default 100). 50 is a guess until the server's settings tell the limit.
   */
  largestPage = 50;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  config(life: Lifetime): Promise<Config> {
    return this.get(life, 'config', {}, isConfig);
  }

  history(life: Lifetime, before?: number): Promise<ChatHistoryPage> {
    const { room, pageSize } = this.#options;
    const limit = pageSize >= 1 ? Math.min(Math.floor(pageSize), this.largestPage) : undefined;
    return this.get(life, 'chat-history', { room, before, limit }, isHistoryPage);
  }

  events(life: Lifetime, after: number): Promise<EventsPage> {
    return this.get(life, 'events', { room: this.#options.room, after, limit: this.largestPage }, isEventsPage);
  }

  /**
   * Fetches JSON from the server. Sends the token, if there is one, with every request except the one for `config`.
   *
   * @throws RequestError; TypeError if the server's address is unsafe
   */
  get<T>(life: Lifetime, path: string, query: Query, isExpected: (body: unknown) => body is T): Promise<T> {
    const { server, fetch, token, unauthenticated, barred, malformed } = this.#options;
    const url = new URL(`${serverOf(server)}/${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    if (!isSafeUrl(url)) return Promise.reject(new TypeError(`unsafe URL: ${url}`));
    const bearer = path === 'config' ? undefined : token();
    return life.within(ANSWER_TIMEOUT_MS, async (signal) => {
      const response = await fetch(url.href, {
        signal,
        credentials: 'omit',
        ...(bearer && { headers: { authorization: `Bearer ${bearer}` } }),
      });
      const body: unknown = await response.json().catch(() => undefined);
      if (response.status === 401 && !signal.aborted) unauthenticated(bearer);
      if (response.ok && isExpected(body)) return body;
      const { retryAfterMs, rule } = (body ?? {}) as Partial<Problem>;
      if (rule && !signal.aborted) barred(body as Problem, bearer);
      if (response.ok && !signal.aborted) malformed();
      throw Object.assign(new Error(`HTTP ${response.status}`), {
        retryAfterMs: Number(retryAfterMs) || 0,
        refused: Math.floor(response.status / 100) === 4,
      });
    });
  }
}
