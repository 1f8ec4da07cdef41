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
  /** Absent for a guest, who reads only. */
  getToken?: GetToken;
  /** Whom the page shows as signed in, as `personOf` names them, where it knows that before there is a token. */
  person?: () => string | undefined;
  fetch?: typeof fetch;
  WebSocket?: SocketConstructor;
  /** ms since 1970. */
  now?: () => number;
  /** In [0, 1). */
  random?: () => number;
  timers?: Timers;
  /** A new `clientMessageId`. */
  createId?: () => string;
  /** Keeps unanswered commands beyond the page, such as `localStorage`; without it they are lost with the page. */
  storage?: KeptStorage | undefined;
  /** What the machine believes about its network. */
  online?: () => boolean;
  /** Whether somebody may be looking. Where nobody is, the client disconnects after some minutes. */
  watched?: () => boolean;
  /** The longest time between two pings, ms: API Gateway closes a socket that was idle for 10 minutes. */
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

/** 120 bits. `crypto.randomUUID` is missing on pages served over plain HTTP. */
function randomId(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(15)));
}
