import { describe, expect, it } from 'vitest';
import { OPERATOR } from '../governance/operator.ts';
import { noRules, type Rules } from '../governance/rules.ts';
import type { StoredEvent } from '../ports/event-log.ts';
import type { Actor } from '../schema.generated.ts';
import { banPerson } from './ban-person.ts';
import { changeRoom } from './change-room.ts';
import type { Context, State } from './command.ts';
import { unbanPerson } from './unban-person.ts';

const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
const person = 'b'.repeat(22);
const contextOf = (actor: Actor): Context => ({
  ...{ room: 'lobby', actor, clientMessageId: 'x1', at: 1_000, limits: { textGraphemes: 500 } },
});
const context = contextOf(moderator);
const byOperator: Rules = { ...noRules, at: 1, bans: { [person]: { byOperator: true } } };
const withBans = (length: number): Rules => ({
  ...noRules,
  bans: Object.fromEntries(Array.from({ length }, (_, n) => [String(n).padStart(22, '0'), {}])),
});
/** A room with as many bans as moderators may set. The operator may set more. */
const full = withBans(250);

describe('banPerson', () => {
  const ban = { action: 'banPerson', person } as const;

  it('decides the same ban when it comes again later', () => {
    const frame = { ...ban, seconds: 60, hide: true, reason: 'spam' } as const;
    const decided = banPerson.decide(frame, {}, context);
    expect(decided).toMatchObject({ type: 'PersonBanned', data: { person, seconds: 60, hide: true, reason: 'spam' } });
    expect(banPerson.decide(frame, {}, { ...context, at: 9_000 }).data).toEqual(decided.data);
  });

  it.each([moderator.id, OPERATOR.id])('of oneself or the operator is invalid: %s', (person) => {
    const message = expect.stringMatching(/themselves or the operator/);
    const invalid = expect.objectContaining({ code: 'invalid_message', message, clientMessageId: 'x1' });
    expect(() => banPerson.decide({ ...ban, person }, {}, context)).toThrow(invalid);
  });

  it.each([
    {
      given: 'no role',
      rules: noRules,
      actor: { id: moderator.id, name: 'bob' },
      code: 'forbidden',
      why: /moderators/,
    },
    {
      given: 'a person whom the operator has banned',
      rules: byOperator,
      actor: moderator,
      code: 'forbidden',
      why: /operator has banned/,
    },
    { given: 'a room that is full of bans', rules: full, actor: moderator, code: 'conflict', why: /as many bans as/ },
    {
      given: 'a room that holds no more bans, of the operator either',
      rules: withBans(300),
      actor: OPERATOR,
      code: 'conflict',
      why: /as many bans as/,
    },
    {
      given: 'a moderator whom the operator has banned',
      rules: { ...noRules, bans: { [moderator.id]: { byOperator: true as const } } },
      actor: moderator,
      code: 'forbidden',
      why: /You are banned/,
    },
  ])('given $given, is refused: $code, and told why', ({ rules, actor, code, why }) => {
    const message = expect.stringMatching(why);
    expect(banPerson.refusal!(ban, { rules }, contextOf(actor))).toMatchObject({
      code,
      message,
      clientMessageId: 'x1',
    });
  });

  it('can be changed in a room that is full of bans', () => {
    const [banned] = Object.keys(full.bans) as [string];
    expect(banPerson.refusal!({ ...ban, person: banned }, { rules: full }, context)).toBeUndefined();
  });

  it('is the moderator’s, and the operator’s in any case', () => {
    expect(banPerson.refusal!(ban, { rules: noRules }, context)).toBeUndefined();
    for (const rules of [byOperator, full])
      expect(banPerson.refusal!(ban, { rules }, contextOf(OPERATOR))).toBeUndefined();
  });
});

describe('unbanPerson', () => {
  const unban = { action: 'unbanPerson', person } as const;

  it('decides the end of a ban', () => {
    expect(unbanPerson.decide(unban, {}, context)).toMatchObject({ type: 'PersonUnbanned', data: { person } });
  });

  it('is the moderator’s, but for the operator’s bans', () => {
    const refused = (actor: Actor, rules = noRules) => unbanPerson.refusal!(unban, { rules }, contextOf(actor));
    expect(refused(moderator)).toBeUndefined();
    expect(refused({ id: moderator.id, name: 'bob' })).toMatchObject({ code: 'forbidden' });
    expect(refused(moderator, byOperator)).toMatchObject({
      ...{ code: 'forbidden', message: expect.stringMatching(/Only the operator/), clientMessageId: 'x1' },
    });
    expect(refused(OPERATOR, byOperator)).toBeUndefined();
  });
});

describe('changeRoom', () => {
  const message: StoredEvent = {
    ...{ room: 'lobby', id: `${person}:m1`, type: 'MessagePosted', v: 1, at: 1, seq: 7 },
    ...{ actor: { id: person, name: 'bob' }, data: { text: 'hello' } },
  };
  const decide = (frame: object, target?: StoredEvent) =>
    changeRoom.decide({ action: 'changeRoom', ...frame }, { target }, context).data;

  it('decides what it names and nothing else', () => {
    expect(changeRoom.decide({ action: 'changeRoom', slow: 10 }, {}, context).type).toBe('RoomChanged');
    expect(decide({ slow: 10 })).toStrictEqual({ slow: 10 });
    expect(decide({ locked: true })).toStrictEqual({ locked: true });
    expect(decide({ pinned: null })).toStrictEqual({ pinned: null });
    expect(decide({ locked: false, pinned: null })).toStrictEqual({ locked: false, pinned: null });
  });

  it('pins a message with the place where it can be loaded', () => {
    expect(changeRoom.needs?.target?.({ action: 'changeRoom', pinned: message.id })).toBe(message.id);
    expect(changeRoom.needs?.target?.({ action: 'changeRoom', pinned: null })).toBeUndefined();
    expect(decide({ pinned: message.id }, message)).toEqual({ pinned: { id: message.id, seq: 7 } });
  });

  it('given nothing to change, is invalid, and says why', () => {
    const told = { message: expect.stringMatching(/what to change/), clientMessageId: 'x1' };
    expect(() => decide({})).toThrow(expect.objectContaining({ code: 'invalid_message', ...told }));
  });

  it.each([
    { given: 'no such message', target: undefined },
    { given: 'a deleted one', target: { ...message, data: { deleted: true } } },
    { given: 'one without a number', target: { ...message, seq: undefined } },
    { given: 'an event that is no message', target: { ...message, type: 'MessageDeleted' } },
  ])('given $given to pin, is refused, and says why', ({ target }) => {
    const refusal = (by = context) =>
      changeRoom.refusal!({ action: 'changeRoom', pinned: message.id }, { target } as State, by);
    const told = { message: expect.stringMatching(/no such message/), clientMessageId: 'x1' };
    expect(refusal()).toMatchObject({ code: 'invalid_message', ...told });
    expect(refusal(contextOf({ id: person, name: 'bob' }))).toMatchObject({ code: 'forbidden' });
  });

  it('refuses neither a message that is shown nor an end of pinning', () => {
    for (const pinned of [message.id, null])
      expect(changeRoom.refusal!({ action: 'changeRoom', pinned }, { target: message }, context)).toBeUndefined();
  });

  it('is the moderator’s', () => {
    const frame = { action: 'changeRoom', slow: 0 } as const;
    expect(changeRoom.refusal!(frame, {}, context)).toBeUndefined();
    expect(changeRoom.refusal!(frame, {}, contextOf({ id: person, name: 'bob' }))).toMatchObject({ code: 'forbidden' });
  });
});
