import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../ports/event-log.ts';
import type { Actor } from '../schema.generated.ts';
import type { Context } from './command.ts';
import { deleteMessage } from './delete-message.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const context: Context = { room: 'lobby', actor, clientMessageId: 'd1', at: 42, limits: { textGraphemes: 500 } };
const message: StoredEvent = {
  ...{ room: 'lobby', id: `${actor.id}:m1`, type: 'MessagePosted', v: 1, at: 1, actor, data: { text: 'hello' } },
};
const decide = (target: string, found?: StoredEvent, by: Actor = actor) =>
  deleteMessage.decide({ action: 'deleteMessage', target }, { target: found }, { ...context, actor: by });
const refusal = (target: string, found?: StoredEvent, by: Actor = actor) =>
  deleteMessage.refusal!({ action: 'deleteMessage', target }, { target: found }, { ...context, actor: by });

describe('deleteMessage', () => {
  it('given a message of the same person, decides its deletion', () => {
    expect(refusal(message.id, message)).toBeUndefined();
    expect(decide(message.id, message)).toEqual({
      room: 'lobby',
      id: `${actor.id}:d1`,
      type: 'MessageDeleted',
      v: 1,
      at: 42,
      actor,
      data: { target: message.id, by: actor.id },
    });
  });

  it('given a message of somebody else, decides its deletion for a moderator, with the reason', () => {
    const moderator: Actor = { id: 'm'.repeat(22), name: 'mod', role: 'moderator' };
    const frame = { action: 'deleteMessage', target: message.id, reason: 'spam' } as const;
    expect(deleteMessage.decide(frame, { target: message }, { ...context, actor: moderator })).toMatchObject({
      actor: moderator,
      data: { target: message.id, by: moderator.id, reason: 'spam' },
    });
    expect(refusal(message.id, message, moderator)).toBeUndefined();
    expect(refusal(message.id, message, { ...moderator, role: undefined } as never)).toMatchObject({
      code: 'forbidden',
    });
  });

  it('needs to know its target', () => {
    expect(deleteMessage.needs?.target?.({ action: 'deleteMessage', target: message.id })).toBe(message.id);
  });

  it.each([
    {
      given: 'a message of somebody else',
      target: `${'b'.repeat(22)}:m1`,
      found: message,
      code: 'forbidden',
      why: /author and moderators/,
    },
    { given: 'no such message', target: message.id, found: undefined, code: 'invalid_message', why: /no such message/ },
    {
      given: 'an event that is no message',
      target: message.id,
      found: { ...message, type: 'MessageDeleted', data: { target: 'x', by: actor.id } } as StoredEvent,
      code: 'invalid_message',
      why: /no such message/,
    },
  ])('given $given, refuses: $code, and says why', ({ target, found, code, why }) => {
    expect(refusal(target, found)).toMatchObject({
      ...{ code, message: expect.stringMatching(why), clientMessageId: 'd1' },
    });
  });

  it('under the id of its own target is a conflict, and says why', () => {
    const why = { message: expect.stringMatching(/clientMessageId of its own/), clientMessageId: 'd1' };
    expect(() => decide(`${actor.id}:d1`, message)).toThrow(expect.objectContaining({ code: 'conflict', ...why }));
  });
});
