import type { Actor } from '../../src/domain/schema.generated.ts';
import { fromBase64url, toBase64url } from './base64url.ts';

/**
 * Returns the payload of a JWT, unverified. It must not be used for a decision that needs trust. Undefined for a guest
 * and for an opaque token.
 */
export function claimsOf(token: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64url(token!.split('.')[1]!)));
  } catch {
    return undefined;
  }
}

/**
 * Returns the person of a token. `id` is the same as on the server: the first 22 characters of base64url(sha256(iss,
 * "\n", sub)). `name` and `picture` are as in the token; the server cleans them. The token is unverified here, so use
 * the result only in this browser, for example to mark the user's own messages. Undefined if the token is opaque or has
 * no `iss` or `sub`, and outside secure contexts, where `crypto.subtle` is missing.
 */
export async function actorOf(token: string, nameClaim: string): Promise<Actor | undefined> {
  const { iss, sub, picture, [nameClaim]: name } = claimsOf(token) ?? {};
  if (typeof iss !== 'string' || typeof sub !== 'string' || !crypto.subtle) return undefined;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${iss}\n${sub}`));
  return {
    id: toBase64url(new Uint8Array(digest)).slice(0, 22),
    name: typeof name === 'string' && name ? name : '?',
    ...(typeof picture === 'string' && { picture }),
  };
}
