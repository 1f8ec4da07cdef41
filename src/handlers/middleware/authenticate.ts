import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { allowsOrigin } from '../../domain/admission/origins.ts';
import { ShoutError } from '../../domain/errors.ts';
import type { Identity, TokenVerifier } from '../../domain/ports/token-verifier.ts';
import { readBearer, readOffer, SUBPROTOCOL } from './token.ts';

/** The context after {@link authenticateHandshake} or {@link authenticateRequest}. */
export interface Authenticated extends Context {
  /** Absent for a guest. */
  caller?: Identity;
  /** The answer's `Sec-WebSocket-Protocol`, if the client offered subprotocols. */
  subprotocol?: typeof SUBPROTOCOL;
}

export interface AuthenticationOptions {
  verifier: () => TokenVerifier;
  policy: () => { guests: boolean; allowedOrigins: readonly string[] };
}

/**
 * Authenticates a handshake. Browsers do not apply the same-origin policy to WebSockets, so `Origin` is checked here
 * (OWASP WebSocket Security Cheat Sheet). Only visitors of a page can be guests. A client that sends no `Origin` is not
 * a browser, so it needs a token.
 */
export function authenticateHandshake({ verifier, policy }: AuthenticationOptions): MiddlewareObj {
  const authenticateHandshakeBefore: MiddlewareObj['before'] = async ({ event, context }) => {
    const headers = (event as { headers: Record<string, string> }).headers ?? {};
    const { guests, allowedOrigins } = policy();
    const { origin } = headers;
    if (origin !== undefined && !allowsOrigin(allowedOrigins, origin)) {
      throw new ShoutError('forbidden', 'Pages of this origin may not connect.');
    }
    const { token, subprotocol } = readOffer(headers);
    if (token === undefined && !(guests && origin !== undefined))
      throw new ShoutError('unauthenticated', 'Send an access token.');
    const authenticated = context as Authenticated;
    if (token !== undefined) authenticated.caller = await verifier().verify(token);
    if (subprotocol) authenticated.subprotocol = SUBPROTOCOL;
  };
  return { before: authenticateHandshakeBefore };
}

/** Authenticates an HTTP request by its bearer token, or as a guest if guests may read. */
export function authenticateRequest({ verifier, policy }: AuthenticationOptions): MiddlewareObj {
  const authenticateRequestBefore: MiddlewareObj['before'] = async ({ event, context }) => {
    const token = readBearer((event as { headers: Record<string, string> }).headers ?? {});
    if (token !== undefined) (context as Authenticated).caller = await verifier().verify(token);
    else if (!policy().guests) throw new ShoutError('unauthenticated', 'Send `Authorization: Bearer <access token>`.');
  };
  return { before: authenticateRequestBefore };
}
