import type { Authenticated, ErrorFrame } from '../../src/domain/schema.generated.ts';
import { claimsOf } from './claims.ts';
import type { Connection } from './connection.ts';
import { type Credentials, personOf } from './credentials.ts';
import type { Lifetime } from './lifetime.ts';

const RENEW_BEFORE_MS = 60_000;
const RENEW_AGAIN_MS = 10_000;

interface Hooks {
  /** Lifetime of the open client. */
  life: () => Lifetime | undefined;
  /** There is another token. */
  changed: () => void;
  now: () => number;
}

/**
 * Keeps the server informed about who the person is. Renews the token before it expires, and sends the new one over the
 * open socket if possible, or opens a new socket with it. A part of its own, because guests do not need it.
 */
export class Renewal {
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  readonly #credentials: Credentials;
  readonly #connection: Connection;
  readonly #hooks: Hooks;

  constructor(credentials: Credentials, connection: Connection, hooks: Hooks) {
    this.#credentials = credentials;
    this.#connection = connection;
    this.#hooks = hooks;
  }

  /** Schedules the renewal of the token. @param expiresAt from the server; by default, the token's own */
  schedule(expiresAt = expiryOf(this.#credentials.token)): void {
    this.#cancel?.();
    this.#dueAt = Number.POSITIVE_INFINITY;
    const life = this.#hooks.life();
    if (!life || !this.#credentials.token || expiresAt === undefined) return;
    const now = this.#hooks.now();
    const left = expiresAt - now;
    const delay = Math.max(RENEW_AGAIN_MS, left - Math.min(RENEW_BEFORE_MS, left / 4));
    this.#dueAt = now + delay;
    // Without an open socket nothing needs to be sent, because the next one starts with a fresh token.
    this.#cancel = life.after(delay, () => this.#connection.openLink && void this.renew());
  }

  /** Asks for a token and sends it to the server. */
  async renew(): Promise<void> {
    const life = this.#hooks.life();
    if (!life) return;
    let token: string | undefined;
    try {
      token = await this.#credentials.acquire(life);
    } catch {
      life.after(RENEW_AGAIN_MS, () => void this.renew());
      return;
    }
    if (life.over) return;
    this.#hooks.changed();
    this.schedule();
    const link = this.#connection.openLink;
    if (link && token && (!link.token || personOf(link.token) === personOf(token))) this.#offer(life, token);
    // A socket belongs to one person, so another person needs another socket.
    else if (!link || token !== link.token) void this.#connection.open();
  }

  /** Renews a token that is overdue, because a machine that slept runs its timers late. */
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

  /** @returns whether the error is about the token that was offered, and not about a command */
  refused({ code, clientMessageId }: ErrorFrame): boolean {
    if (!this.#connection.openLink?.offered || code !== 'forbidden' || clientMessageId !== undefined) return false;
    // To the server this socket belongs to another person. A new socket can start with the new token.
    void this.#connection.open();
    return true;
  }

  /** Sends the server a newer token over the open socket. */
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
