import type { Actor } from '../schema.generated.ts';

/** Who acts with `npm run moderate`. No person has this id: theirs are hashes (infra/identity/actor.ts). */
export const OPERATOR: Actor = { id: 'operator--------------', name: 'operator', role: 'moderator' };

export function isOperator({ id }: Pick<Actor, 'id'>): boolean {
  return id === OPERATOR.id;
}
