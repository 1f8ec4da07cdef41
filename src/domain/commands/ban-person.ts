import { ShoutError } from '../errors.ts';
import { OPERATOR } from '../governance/operator.ts';
import { banOf, isFull, mayLift, noRules } from '../governance/rules.ts';
import type { BanPerson } from '../schema.generated.ts';
import { type Command, newEvent } from './command.ts';
import { moderatorsOnly } from './moderators-only.ts';

/**
 * A moderator or the operator bans a person, for a time or for good. If the room is full of bans, a ban of a further
 * person is refused with `conflict`. For moderators, a room is full earlier than for the operator.
 */
export const banPerson: Command<BanPerson> = {
  name: 'banPerson',
  needs: { rules: true },
  decide({ person, seconds, hide, reason }, _state, context) {
    const { actor, clientMessageId } = context;
    if (person === actor.id || person === OPERATOR.id) {
      throw new ShoutError('invalid_message', 'Nobody bans themselves or the operator.', { clientMessageId });
    }
    const data = { person, ...(seconds ? { seconds } : {}), ...(hide ? { hide } : {}), ...(reason ? { reason } : {}) };
    return newEvent({ type: 'PersonBanned', data }, context);
  },
  refusal({ person }, state, context) {
    const { rules = noRules } = state;
    const { actor, at, clientMessageId } = context;
    const ban = banOf(rules, { id: person, name: '', role: 'moderator' }, at);
    if (ban && !mayLift(ban, actor)) {
      return new ShoutError('forbidden', 'The operator has banned this person.', { clientMessageId });
    }
    if (isFull(rules, person, actor, at)) {
      return new ShoutError('conflict', 'This room has as many bans as it can hold. End one first.', {
        clientMessageId,
      });
    }
    return moderatorsOnly(state, context);
  },
};
