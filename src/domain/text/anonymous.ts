import type { Actor, ActorId } from '../schema.generated.ts';

/** Returns the display name of somebody without a name. */
export function pseudonym(id: ActorId): string {
  return `guest-${id.slice(0, 4)}`;
}

/** Returns the actor with a pseudonym instead of the name, and without the name's hash (`skeleton`) and the picture. */
export function anonymous({ id, role }: Actor): Actor {
  return { id, name: pseudonym(id), ...(role && { role }) };
}
