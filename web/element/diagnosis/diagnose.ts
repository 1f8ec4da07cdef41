import { allowsOrigin } from '../../../src/domain/admission/origins.ts';
import type { Config, Problem } from '../../../src/domain/schema.generated.ts';
import { isSafeUrl } from '../../client/safe-url.ts';
import { serverOf } from '../../client/server.ts';

/** What the checks of a configuration need from the page. */
export interface Surroundings {
  /** Origin of the page, such as `https://example.org`. */
  origin: string;
  fetch: typeof fetch;
  /** Whether the page's Content Security Policy blocked a request just now. @param origin where the request went */
  blocked: (origin: string) => Promise<boolean>;
  /** Opens a WebSocket and closes it. @returns whether it opened */
  connects: (url: string) => Promise<boolean>;
}

export interface Configuration extends Surroundings {
  server: string;
  room: string;
}

/** A room's name, as in `schemas/http.json`. */
const ROOM = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const TIMEOUT_MS = 10_000;

/**
 * Finds what is wrong with the configuration of a box that does not connect.
 *
 * @returns a sentence for the author of the page that names the setting to mend; undefined if no setting seems wrong,
 *   for example if the browser is offline
 */
export async function diagnose(configuration: Configuration): Promise<string | undefined> {
  const { server, room } = configuration;
  const wrong = wrongWith(server);
  if (wrong) return wrong;
  if (!ROOM.test(room))
    return `The attribute \`room\` is not the name of a room: ${room}. A name has 1 to 64 of a-z, 0-9, - and _.`;
  return findInApi(configuration);
}

/** Returns a sentence if the base URL of the HTTP API is wrong. Makes no request. */
function wrongWith(server: string): string | undefined {
  if (!server)
    return 'The attribute `server` is missing: set it to the base URL of the HTTP API, such as https://api.shout.example.';
  // Rejects `host:port` without a scheme, because `URL.parse` would take the host for the scheme.
  const url = /^[^/]+:\d+(\/|$)/.test(server) ? undefined : URL.parse(server);
  if (!url)
    return `The attribute \`server\` is not a URL: ${server}. It begins with https://, or with http:// on this machine.`;
  if (/^wss?:$/.test(url.protocol))
    return `The attribute \`server\` is the address of a WebSocket: ${server}. Set it to the base URL of the HTTP API, which begins with ${url.protocol.replace('ws', 'http')}//; the box learns the WebSocket from there.`;
  if (!isSafeUrl(server))
    return `The attribute \`server\` is neither https: nor on this machine: ${server}. A token must not travel in the clear.`;
  if (url.username || url.password)
    return `The attribute \`server\` holds a user name or password, which browsers do not send: write ${url.protocol}//${url.host}.`;
  if (/[?#]/.test(server))
    return `The attribute \`server\` has a query or a fragment, but paths are added to it: write ${url.origin}${url.pathname}.`;
  return undefined;
}

async function findInApi(configuration: Configuration): Promise<string | undefined> {
  const { server, origin, blocked } = configuration;
  const base = serverOf(server);
  const url = `${base}/config`;
  const at = new URL(url).origin;
  const answer = await ask(configuration, url, 'cors');
  if (!answer) {
    // Without CORS the answer cannot be read, but it shows that a server is there.
    const opaque = await ask(configuration, url, 'no-cors');
    if (await blocked(at)) return blockedByPolicy(at);
    if (navigator.onLine === false) return undefined;
    return opaque
      ? `${at} does not answer pages of ${origin}: add ${origin} to ALLOWED_ORIGINS of the server, and check that \`server\` is the base URL of its HTTP API.`
      : `Nothing answers at ${at}: check host and port in the attribute \`server\`.`;
  }
  // The server is busy or fails, and no setting of the page would help.
  if (answer.status === 429 || answer.status >= 500) return undefined;
  const {
    webSocketUrl,
    guests,
    allowedOrigins = ['*'],
  } = ((await answer.json().catch(() => undefined)) ?? {}) as Partial<Config>;
  if (!answer.ok || typeof webSocketUrl !== 'string') {
    return `${server} is not the API of a shout-box (GET /config answered ${answer.status}): set the attribute \`server\` to the base URL of the HTTP API.`;
  }
  if (!isSafeUrl(webSocketUrl))
    return `The WebSocket of ${server} is neither wss: nor on this machine: set WEBSOCKET_URL of the server, now ${webSocketUrl}.`;
  if (Array.isArray(allowedOrigins) && !allowsOrigin(allowedOrigins, origin))
    return `${at} refuses pages of ${origin}: add ${origin} to ALLOWED_ORIGINS of the server.`;
  // Tests the room only if the server admits guests, because the test has no token.
  return guests ? findInRoom(configuration, base, webSocketUrl) : undefined;
}

async function findInRoom(
  configuration: Configuration,
  base: string,
  webSocketUrl: string,
): Promise<string | undefined> {
  const { room, blocked, connects } = configuration;
  // A page cannot learn why its socket was refused, but it can read the same refusal over HTTP.
  const history = await ask(configuration, `${base}/chat-history?room=${room}`, 'cors');
  if (history?.status === 403) {
    const { rule } = ((await history.json().catch(() => undefined)) ?? {}) as Partial<Problem>;
    return rule === 'access' ? noRoom(configuration) : undefined;
  }
  const url = new URL(webSocketUrl);
  if (!history?.ok || (await connects(`${url}?room=${room}`))) return undefined;
  if (await blocked(url.origin)) return blockedByPolicy(url.origin);
  return `The WebSocket at ${url.origin} does not open, although the HTTP API answers: check WEBSOCKET_URL of the server, and that proxies before it pass WebSockets on.`;
}

/**
 * Returns a sentence for a room that is missing or closed to this person. The sentence names both causes, because the
 * server answers the same in both cases.
 */
export function noRoom({ server, room }: Pick<Configuration, 'server' | 'room'>): string {
  return `${server} has no room ${room}, or it is not for this person: check the attribute \`room\`, and ROOMS of the server.`;
}

export function blockedByPolicy(origin: string): string {
  return `The Content Security Policy of the page blocks ${origin}: add it to \`connect-src\`.`;
}

export async function ask(
  { fetch }: Pick<Surroundings, 'fetch'>,
  url: string,
  mode: RequestMode,
): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(url, { mode, credentials: 'omit', signal }).catch(() => undefined);
}
