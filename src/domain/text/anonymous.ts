import type { Actor, ActorId } from '../schema.generated.ts';

/** The display name of somebody without a name. */
export function pseudonym(id: ActorId): string {
  return `guest-${id.slice(0, 4)}`;
}

/** Returns the actor without name and picture. */
export function anonymous({ id, role }: Actor): Actor {
  return { id, name: pseudonym(id), ...(role && { role }) };
}
