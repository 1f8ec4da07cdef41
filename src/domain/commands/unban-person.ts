import { ShoutError } from '../errors.ts';
import { mayLift, noRules } from '../governance/rules.ts';
import type { UnbanPerson } from '../schema.generated.ts';
import { type Command, newEvent } from './command.ts';
import { moderatorsOnly } from './moderators-only.ts';

/** A moderator ends a ban. Only the operator can end a ban that the operator set. */
export const unbanPerson: Command<UnbanPerson> = {
  name: 'unbanPerson',
  needs: { rules: true },
  decide: ({ person }, _state, context) => newEvent({ type: 'PersonUnbanned', data: { person } }, context),
  refusal({ person }, state, context) {
    const { actor, clientMessageId } = context;
    const { bans } = state.rules ?? noRules;
    const ban = Object.hasOwn(bans, person) ? bans[person] : undefined;
    if (ban && !mayLift(ban, actor)) {
      return new ShoutError('forbidden', 'Only the operator can end this ban.', { clientMessageId });
    }
    return moderatorsOnly(state, context);
  },
};
