import { toBase64url } from './base64url.ts';
import type { SocketConstructor } from './connection.ts';
import type { GetToken } from './credentials.ts';
import type { KeptStorage } from './kept-commands.ts';
import { realTimers, type Timers } from './lifetime.ts';

export interface ShoutClientOptions {
  /** Base URL of the HTTP API. */
  server: string;
  /** Default: `lobby`. */
  room?: string;
  /** Messages on a page of history, at most what the server allows. */
  pageSize?: number;
  /** Returns the token to connect with. Without it, the client is a guest, who reads only. */
  getToken?: GetToken;
  /**
   * Returns the person whom the page shows as signed in, in the form of `personOf`, if it knows them before there is a
   * token.
   */
  person?: () => string | undefined;
  fetch?: typeof fetch;
  WebSocket?: SocketConstructor;
  /** The time, ms since 1970. */
  now?: () => number;
  /** A random number in [0, 1). */
  random?: () => number;
  timers?: Timers;
  /** Creates a `clientMessageId`. */
  createId?: () => string;
  /** Keeps unanswered commands beyond the page, such as `localStorage`; without it they are lost with the page. */
  storage?: KeptStorage | undefined;
  /** Whether the machine reports a network. */
  online?: () => boolean;
  /** Whether somebody may be looking. If nobody is, the client disconnects after some minutes. */
  watched?: () => boolean;
  /** The longest time between two pings, ms. API Gateway closes a socket that was idle for 10 minutes. */
  heartbeatMs?: number;
}

/** Created for every client, because a page may replace its globals. */
export const defaults = () => ({
  room: 'lobby',
  pageSize: 50,
  getToken: async () => undefined,
  person: () => undefined,
  fetch: globalThis.fetch.bind(globalThis),
  WebSocket: globalThis.WebSocket,
  now: Date.now,
  random: Math.random,
  timers: realTimers,
  createId: randomId,
  storage: undefined,
  online: () => navigator.onLine !== false,
  watched: () => true,
  heartbeatMs: 4 * 60_000,
});

/** Returns 120 random bits. `crypto.randomUUID` is missing on pages served over plain HTTP. */
function randomId(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(15)));
}
