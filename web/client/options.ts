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
  /** Number of messages on a page of history. The server may allow fewer. */
  pageSize?: number;
  /** Returns the token to connect with. Without a token, the client is a guest, who reads only. */
  getToken?: GetToken;
  /**
   * Returns the person whom the page shows as signed in: issuer and subject, separated by a space. If the function
   * returns undefined, the client takes the person from the token.
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
  /** Storage for unanswered commands, such as `localStorage`. Without it, the commands are lost with the page. */
  storage?: KeptStorage | undefined;
  /** Whether the machine reports a network. */
  online?: () => boolean;
  /** Whether somebody may be looking at the page. If nobody is, the client disconnects after some minutes. */
  watched?: () => boolean;
  /** Maximum time between two pings, ms. API Gateway closes a socket that was idle for 10 minutes. */
  heartbeatMs?: number;
}

/** Returns the default options. Reads globals such as `fetch` at every call, because a page may replace them. */
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

/** Returns 120 random bits as base64url. `crypto.randomUUID` is missing on most pages served over plain HTTP. */
function randomId(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(15)));
}
