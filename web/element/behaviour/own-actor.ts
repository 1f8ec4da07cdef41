import type { Actor } from '../../../src/domain/schema.generated.ts';

interface Claims {
  iss?: unknown;
  sub?: unknown;
  picture?: unknown;
  [claim: string]: unknown;
}

/**
 * Who a token speaks for, computed as the server does: `id` is the first 22 characters of base64url(sha256(iss, "\n",
 * sub)). Only to mark one's own messages; the server alone decides who someone is. Undefined for an opaque token, and
 * where the page is not a secure context and has no digest.
 */
export async function actorOf(token: string, nameClaim: string): Promise<Actor | undefined> {
  try {
    const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Claims;
    const { iss, sub, picture } = claims;
    if (typeof iss !== 'string' || typeof sub !== 'string') return undefined;
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${iss}\n${sub}`));
    const id = btoa(String.fromCharCode(...new Uint8Array(digest)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .slice(0, 22);
    const name = claims[nameClaim];
    return {
      id,
      name: typeof name === 'string' && name ? name : '?',
      ...(typeof picture === 'string' && { picture }),
    };
  } catch {
    return undefined;
  }
}
