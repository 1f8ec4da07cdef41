import { ShoutError } from '../errors.ts';
import type { ChangeRoom, Pinned } from '../schema.generated.ts';
import { type Command, newEvent, type State } from './command.ts';
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
      ...(pinned === undefined ? {} : { pinned: pinned === null ? null : pin(state, clientMessageId) }),
    };
    return newEvent({ type: 'RoomChanged', data }, context);
  },
  refusal: (_command, state, context) => moderatorsOnly(state, context),
};

/** Only what is shown can be pinned, so it has a number. */
function pin({ target }: State, clientMessageId: string): Pinned {
  if (target?.type !== 'MessagePosted' || target.data.text === undefined || target.seq === undefined) {
    throw new ShoutError('invalid_message', 'There is no such message in this room.', { clientMessageId });
  }
  return { id: target.id, seq: target.seq };
}
