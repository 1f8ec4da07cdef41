import { createHash } from 'node:crypto';
import { isBlank } from '../../src/domain/text/blank.ts';

export const ROLE = 'moderator';

/** The person that somebody chose on the sign-in page. */
export interface Person {
  name: string;
  role?: typeof ROLE;
}

const MAX_NAME_UNITS = 64;

/** @throws Error in one sentence */
export function personFrom(form: URLSearchParams): Person {
  const name = (form.get('name') ?? '').slice(0, MAX_NAME_UNITS).toWellFormed().normalize('NFC').trim();
  if (isBlank(name)) throw new Error('A name is needed.');
  const role = form.get('role') || undefined;
  if (role === undefined) return { name };
  if (role !== ROLE) throw new Error(`There is no role ${JSON.stringify(role)}: ${ROLE} is the only one.`);
  return { name, role };
}

/** The provider stores one string per account: name and role, because two tabs may use one name with two roles. */
export const accountOf = (person: Person): string => JSON.stringify(person);

export const personOf = (account: string): Person => JSON.parse(account) as Person;

/**
 * A person's `sub`. It depends on the name alone, so it is the same after every restart and with every role. It has at
 * most 255 printable ASCII characters (OpenID Connect Core, section 2); a name that fits is used as it is.
 */
export function subjectOf({ name }: Person): string {
  if (/^[\x20-\x7e]+$/.test(name)) return name;
  return `name-${createHash('sha256').update(name).digest('base64url').slice(0, 22)}`;
}
