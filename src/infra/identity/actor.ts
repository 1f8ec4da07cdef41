import { createHash } from 'node:crypto';

/** The id of a person at an issuer: 132 bits of a hash of `iss` and `sub`. Stable, and reveals neither. */
export function actorId(issuer: string, subject: string): string {
  return createHash('sha256').update(`${issuer}\n${subject}`).digest('base64url').slice(0, 22);
}
