import { createHash } from 'node:crypto';
import { isBlank } from '../../src/domain/text/blank.ts';

export const ROLE = 'moderator';

/** Who somebody said they are on the sign-in page. */
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

/** The provider keeps one string for each account; two tabs may have one name and different roles. */
export const accountOf = (person: Person): string => JSON.stringify(person);

export const personOf = (account: string): Person => JSON.parse(account) as Person;

/**
 * A person's `sub`: the same for a name after every restart, whatever the role, and of printable ASCII, at most 255
 * characters (OpenID Connect Core, section 2). A name that is so itself is its own.
 */
export function subjectOf({ name }: Person): string {
  if (/^[\x20-\x7e]+$/.test(name)) return name;
  return `name-${createHash('sha256').update(name).digest('base64url').slice(0, 22)}`;
}
