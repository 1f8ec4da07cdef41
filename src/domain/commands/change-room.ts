import { ShoutError } from '../errors.ts';
import type { ChangeRoom, EventId, Pinned } from '../schema.generated.ts';
import { type Command, newEvent, noSuchMessage, type State } from './command.ts';
import { moderatorsOnly } from './moderators-only.ts';

/** A moderator changes rules of the room: slow mode, who writes, what is pinned. */
export const changeRoom: Command<ChangeRoom> = {
  name: 'changeRoom',
  needs: { rules: true, target: ({ pinned }) => pinned ?? undefined },
  decide({ slow, locked, pinned }, state, context) {
    const { clientMessageId } = context;
    if (slow === undefined && locked === undefined && pinned === undefined) {
      throw new ShoutError('invalid_message', 'Say what to change: slow, locked or pinned.', { clientMessageId });
    }
    const data = {
      ...(slow === undefined ? {} : { slow }),
      ...(locked === undefined ? {} : { locked }),
      ...(pinned === undefined ? {} : { pinned: pinned === null ? null : placeOf(pinned, state) }),
    };
    return newEvent({ type: 'RoomChanged', data }, context);
  },
  refusal({ pinned }, state, context) {
    const isRefused = typeof pinned === 'string' && !isShown(state);
    return moderatorsOnly(state, context) ?? (isRefused ? noSuchMessage(context.clientMessageId) : undefined);
  },
};

/** Whether the target is a message that readers see: it has a text and a number. Only such a message can be pinned. */
function isShown({ target }: State): boolean {
  return target?.type === 'MessagePosted' && target.data.text !== undefined && target.seq !== undefined;
}

/**
 * Returns the id and the number of the message to pin. A message without a number cannot be pinned: `refusal` then
 * refuses the command, so it does not matter that the result has no number.
 */
function placeOf(id: EventId, { target }: State): Pinned {
  return (target?.seq === undefined ? { id } : { id, seq: target.seq }) as Pinned;
}
