import type { Authenticated, ErrorFrame } from '../../src/domain/schema.generated.ts';
import { fullJitter } from './backoff.ts';
import { claimsOf } from './claims.ts';
import type { Connection } from './connection.ts';
import { type Credentials, personOf } from './credentials.ts';
import type { Lifetime } from './lifetime.ts';

const RENEW_BEFORE_MS = 60_000;
const RENEW_AGAIN_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;

interface Hooks {
  /** Returns the lifetime of the client; undefined if the client is closed. */
  life: () => Lifetime | undefined;
  /** Called when a request for a token has succeeded. For a guest, the request succeeds without a token. */
  changed: () => void;
  now: () => number;
  random: () => number;
}

/**
 * Keeps the server informed about who the person is. Renews the token before it expires. Sends the new token over the
 * open socket if possible, or opens a new socket with it. This file is loaded on demand, because guests do not need it.
 */
export class Renewal {
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  /** Number of failed requests for a token in a row. */
  #failures = 0;
  readonly #credentials: Credentials;
  readonly #connection: Connection;
  readonly #hooks: Hooks;

  constructor(credentials: Credentials, connection: Connection, hooks: Hooks) {
    this.#credentials = credentials;
    this.#connection = connection;
    this.#hooks = hooks;
  }

  /**
   * Schedules the renewal of the token.
   * @param expiresAt when the token expires according to the server, ms since 1970; by default, the token's own `exp`
   */
  schedule(expiresAt = expiryOf(this.#credentials.token)): void {
    const ends = this.#credentials.token ? expiresAt : undefined;
    const left = (ends ?? Number.POSITIVE_INFINITY) - this.#hooks.now();
    // Renews only if a socket is open by then. Otherwise the server needs no new token, because the next socket starts
    // with a fresh token.
    this.#after(Math.max(RENEW_AGAIN_MS, left - Math.min(RENEW_BEFORE_MS, left / 4)), ['open']);
  }

  /** Asks for a token again later, because the last request failed. The waits tend to grow, up to a limit. */
  again(): void {
    const { random } = this.#hooks;
    const wait = RENEW_AGAIN_MS + fullJitter(this.#failures++, random, RENEW_AGAIN_MS, LONGEST_WAIT_MS);
    // Leaves out `dialling`, because a connection that dials asks for a token itself, and `resting`, because a
    // connection at rest needs no token.
    this.#after(wait, ['open', 'waiting', 'closed']);
  }

  /** Asks for a token. Sends it to the server over the open socket, or opens a new socket with it if needed. */
  async renew(): Promise<void> {
    const life = this.#hooks.life();
    if (!life) return;
    let token: string | undefined;
    try {
      token = await this.#credentials.acquire(life);
    } catch {
      this.again();
      return;
    }
    if (life.over) return;
    this.#failures = 0;
    this.#hooks.changed();
    this.schedule();
    const link = this.#connection.openLink;
    if (link && token && (!link.token || personOf(link.token) === personOf(token))) this.#offer(life, token);
    // A socket belongs to one person, so another person or a guest needs another socket. A connection that is closed or
    // at rest is opened only if there is a token.
    else if (link ? token !== link.token : token || !this.#rests) void this.#connection.open();
  }

  /** Renews the token if the renewal is overdue. A machine that slept runs the timer of the renewal late. */
  wake(): void {
    if (this.#hooks.now() >= this.#dueAt) void this.renew();
  }

  authenticated({ expiresAt }: Authenticated): void {
    const link = this.#connection.openLink;
    if (link?.offered) link.token = link.offered;
    if (link) link.offered = undefined;
    this.#credentials.accepted();
    this.schedule(expiresAt);
  }

  /** Handles an error about a token that was offered. @returns false if the error is about something else */
  refused({ code, clientMessageId }: ErrorFrame): boolean {
    if (!this.#connection.openLink?.offered || code !== 'forbidden' || clientMessageId !== undefined) return false;
    // The server refused the token on this socket, for example because the socket belongs to another person. A new
    // socket may succeed with the token. If it fails, the browser does not say why, so `Dialling.dial` then asks for
    // events over HTTP, and that answer says why.
    void this.#connection.open();
    return true;
  }

  /** Whether no attempt to connect is planned: the connection stays down until there is a token or the page is used. */
  get #rests(): boolean {
    const { status } = this.#connection.link;
    return status === 'closed' || status === 'resting';
  }

  /** Renews after `ms`, if the connection is then in one of these states. Replaces an earlier schedule. */
  #after(ms: number, states: Connection['link']['status'][]): void {
    this.#cancel?.();
    this.#dueAt = this.#hooks.now() + ms;
    if (!Number.isFinite(ms)) return;
    this.#cancel = this.#hooks.life()?.after(ms, () => {
      if (states.includes(this.#connection.link.status)) void this.renew();
    });
  }

  /** Sends the server a newer token over the open socket. Renews again if the server does not confirm it in time. */
  #offer(life: Lifetime, token: string): void {
    const link = this.#connection.openLink!;
    if (token === link.token || token === link.offered) return;
    link.offered = token;
    this.#connection.send({ action: 'authenticate', token });
    life.after(RENEW_AGAIN_MS, () => {
      if (link !== this.#connection.openLink || link.offered !== token) return;
      link.offered = undefined;
      void this.renew();
    });
  }
}

function expiryOf(token: string | undefined): number | undefined {
  const exp = claimsOf(token)?.exp;
  return Number.isFinite(exp) ? (exp as number) * 1_000 : undefined;
}
