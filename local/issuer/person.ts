import { createHash } from 'node:crypto';
import { isBlank } from '../../src/domain/text/blank.ts';

export const ROLE = 'moderator';

/** The person that somebody chose on the sign-in page. */
export interface Person {
  name: string;
  role?: typeof ROLE;
}

const MAX_NAME_UNITS = 64;

/**
 * Reads the person from a submitted form. @throws Error with a message of one sentence if the name or role is not valid
 */
export function personFrom(form: URLSearchParams): Person {
  const name = (form.get('name') ?? '').slice(0, MAX_NAME_UNITS).toWellFormed().normalize('NFC').trim();
  if (isBlank(name)) throw new Error('A name is needed.');
  const role = form.get('role') || undefined;
  if (role === undefined) return { name };
  if (role !== ROLE) throw new Error(`There is no role ${JSON.stringify(role)}: ${ROLE} is the only one.`);
  return { name, role };
}

/**
 * Returns the account id that the provider stores for a person. The id contains name and role, because one name may be
 * signed in with the role in one tab and without the role in another.
 */
export const accountOf = (person: Person): string => JSON.stringify(person);

export const personOf = (account: string): Person => JSON.parse(account) as Person;

/**
 * Returns a person's `sub`. It depends on the name alone, so it is the same after every restart and with every role. A
 * `sub` is at most 255 ASCII characters long (OpenID Connect Core, section 2), so a name with other characters is
 * hashed.
 */
export function subjectOf({ name }: Person): string {
  if (/^[\x20-\x7e]+$/.test(name)) return name;
  return `name-${createHash('sha256').update(name).digest('base64url').slice(0, 22)}`;
}
