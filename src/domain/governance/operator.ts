import type { Actor } from '../schema.generated.ts';

/** The actor of `npm run moderate`. No person has this id, because theirs are hashes (infra/identity/actor.ts). */
export const OPERATOR: Actor = { id: 'operator--------------', name: 'operator', role: 'moderator' };

export function isOperator({ id }: Pick<Actor, 'id'>): boolean {
  return id === OPERATOR.id;
}
