import { ShoutError } from '../errors.ts';
import { banOf, noRules } from '../governance/rules.ts';
import { type Context, isModerator, type State } from './command.ts';

/**
 * Returns a refusal if the actor is no moderator, or if the operator has banned them. Returns undefined if they may
 * moderate.
 */
export function moderatorsOnly(
  { rules = noRules }: State,
  { actor, at, clientMessageId }: Context,
): ShoutError | undefined {
  if (!isModerator(actor)) {
    return new ShoutError('forbidden', 'Only moderators may do this.', { clientMessageId });
  }
  const ban = banOf(rules, actor, at);
  return ban && bannedRefusal(ban, clientMessageId);
}

export function bannedRefusal({ until }: { until?: number }, clientMessageId?: string): ShoutError {
  const end = until === undefined ? 'for good' : `until ${new Date(until).toISOString()}`;
  return new ShoutError('forbidden', `You are banned from this room ${end}.`, {
    clientMessageId,
    rule: 'banned',
    until,
  });
}
