import type { Actor } from '../schema.generated.ts';

/**
 * The actor of `npm run moderate` and `npm run erase`. No person has this id, because the ids of people are hashes
 * (infra/identity/actor.ts).
 */
export const OPERATOR: Actor = { id: 'operator--------------', name: 'operator', role: 'moderator' };

export function isOperator({ id }: Pick<Actor, 'id'>): boolean {
  return id === OPERATOR.id;
}
