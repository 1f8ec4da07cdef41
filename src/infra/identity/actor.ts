import { createHash } from 'node:crypto';

/** Returns a person's id: 132 bits of a hash of `iss` and `sub`. The id is stable and contains neither claim. */
export function actorId(issuer: string, subject: string): string {
  return createHash('sha256').update(`${issuer}\n${subject}`).digest('base64url').slice(0, 22);
}
