import { fromBase64url } from './base64url.ts';

/**
 * The payload of a JWT, unverified: for timing and display only, never for a decision that needs trust. Undefined for an
 * opaque token.
 */
export function claimsOf(token: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64url(token!.split('.')[1]!)));
  } catch {
    return undefined;
  }
}
