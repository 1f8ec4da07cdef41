import type { Actor, ActorId } from '../schema.generated.ts';

/** What somebody without a name is called. */
export function pseudonym(id: ActorId): string {
  return `guest-${id.slice(0, 4)}`;
}

/** Somebody without name and picture. */
export function anonymous({ id, role }: Actor): Actor {
  return { id, name: pseudonym(id), ...(role && { role }) };
}
