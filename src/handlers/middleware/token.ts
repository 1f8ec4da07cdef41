import { ShoutError } from '../../domain/errors.ts';

/**
 * The subprotocol that a browser offers and gets back. The browser offers the token as a second subprotocol,
 * `bearer.<jwt>`, which is never sent back.
 */
export const SUBPROTOCOL = 'shout-box.v1';
const TOKEN_PREFIX = 'bearer.';
/**
 * Maximum length of a header that may hold a token, UTF-16 units: API Gateway's limit for all headers together. A
 * longer header is refused unread.
 */
const MAX_HEADER_UNITS = 10_240;

type Headers = Readonly<Record<string, string | undefined>>;

export interface Offer {
  token: string | undefined;
  /**
   * Value of the answer's `Sec-WebSocket-Protocol`; undefined if none was offered. A browser that offered subprotocols
   * cannot connect without it.
   */
  subprotocol: string | undefined;
}

/**
 * Reads a handshake's token from `Authorization` or from the offered subprotocols (RFC 6455, section 1.9).
 * @param headers with lower-case names
 * @throws ShoutError `invalid_message` if subprotocols are offered without {@link SUBPROTOCOL}, or if there is more
 *   than one token; `unauthenticated` if `Authorization` has another form than `Bearer <token>`, or if one of the two
 *   headers is too long
 */
export function readOffer(headers: Headers): Offer {
  const offered = bounded(headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
    .filter(Boolean);
  const tokens = offered
    .filter((protocol) => protocol.startsWith(TOKEN_PREFIX))
    .map((protocol) => protocol.slice(TOKEN_PREFIX.length));
  const authorization = readBearer(headers);
  if (authorization !== undefined) tokens.push(authorization);
  if (offered.length > 0 && !offered.includes(SUBPROTOCOL)) {
    throw new ShoutError('invalid_message', `Offer the subprotocol ${SUBPROTOCOL}.`);
  }
  if (tokens.length > 1) throw new ShoutError('invalid_message', 'Send one token, once.');
  return { token: tokens[0], subprotocol: offered.length > 0 ? SUBPROTOCOL : undefined };
}

/**
 * Returns the token of an `Authorization: Bearer …` header (RFC 6750, section 2.1); undefined without the header.
 * @throws ShoutError `unauthenticated` if the header has another form, or is too long
 */
export function readBearer(headers: Headers): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const [, token] = /^bearer +(\S+)$/i.exec(bounded(authorization)) ?? [];
  if (token === undefined) throw new ShoutError('unauthenticated', 'Send `Authorization: Bearer <access token>`.');
  return token;
}

function bounded(header: string): string {
  if (header.length > MAX_HEADER_UNITS) throw new ShoutError('unauthenticated', 'This is too long for a token.');
  return header;
}
