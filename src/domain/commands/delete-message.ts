import { ShoutError } from '../errors.ts';
import { authorOf } from '../feed/event-id.ts';
import type { DeleteMessage } from '../schema.generated.ts';
import { type Command, isModerator, newEvent, noSuchMessage } from './command.ts';

/**
 * The author or a moderator deletes a message. Refused with `conflict` if the author reuses the message's
 * clientMessageId, because the deletion would have the same event id as the message.
 */
export const deleteMessage: Command<DeleteMessage> = {
  name: 'deleteMessage',
  needs: { target: ({ target }) => target },
  amends: true,
  decide({ target, reason }, _state, context) {
    const { actor, clientMessageId } = context;
    const deletion = newEvent(
      { type: 'MessageDeleted', data: { target, by: actor.id, ...(reason ? { reason } : {}) } },
      context,
    );
    if (deletion.id === target) {
      throw new ShoutError('conflict', 'A deletion needs a clientMessageId of its own.', { clientMessageId });
    }
    return deletion;
  },
  refusal({ target }, state, { actor, clientMessageId }) {
    if (authorOf(target) !== actor.id && !isModerator(actor)) {
      return new ShoutError('forbidden', 'Only its author and moderators may delete a message.', { clientMessageId });
    }
    return state.target?.type === 'MessagePosted' ? undefined : noSuchMessage(clientMessageId);
  },
};
