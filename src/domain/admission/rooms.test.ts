import { describe, expect, it } from 'vitest';
import { noRules } from '../governance/rules.ts';
import type { RoomRules } from '../ports/room-rules.ts';
import type { Actor } from '../schema.generated.ts';
import { readRoom } from './read-room.ts';
import { isForEveryone, type Rooms, requireReading, rolesOf, type Visitor, writingRefusal } from './rooms.ts';

const rooms: Rooms = new Map([
  ['lobby', { read: 'everyone', write: 'signed-in' }],
  ['news', { read: 'everyone', write: 'moderator' }],
  ['club', { read: 'signed-in', write: 'members' }],
  ['staff', { read: 'moderator', write: 'moderator' }],
]);
const actor: Actor = { id: 'a'.repeat(22), name: 'alice' };
const guest: Visitor = {};
const alice: Visitor = { actor };
const member: Visitor = { actor, roles: ['members'] };
const moderator: Visitor = { actor: { ...actor, role: 'moderator' } };

function readingRefusal(...asked: Parameters<typeof requireReading>): unknown {
  try {
    requireReading(...asked);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Returns two answers, for reading and for writing. Each is `yes` or the code of the refusal. */
function may(visitor: Visitor, room: string, all = rooms): [string, string] {
  const answerOf = (refusal: unknown) => {
    if (refusal === undefined) return 'yes';
    expect(refusal).toMatchObject({ rule: 'access' });
    return (refusal as { code: string }).code;
  };
  return [answerOf(readingRefusal(all, room, visitor)), answerOf(writingRefusal(all, room, visitor))];
}

describe('a room', () => {
  const no = 'forbidden';
  it.each([
    { room: 'lobby', guest: ['yes', no], alice: ['yes', 'yes'], member: ['yes', 'yes'], moderator: ['yes', 'yes'] },
    { room: 'news', guest: ['yes', no], alice: ['yes', no], member: ['yes', no], moderator: ['yes', 'yes'] },
    {
      room: 'club',
      guest: ['unauthenticated', 'unauthenticated'],
      ...{ alice: ['yes', no], member: ['yes', 'yes'], moderator: ['yes', no] },
    },
    { room: 'staff', guest: [no, no], alice: [no, no], member: [no, no], moderator: ['yes', 'yes'] },
    { room: 'attic', guest: [no, no], alice: [no, no], member: [no, no], moderator: [no, no] },
  ])('$room is for whom it is for, reading and writing', ({ room, ...expected }) => {
    const found = { guest: may(guest, room), alice: may(alice, room), member: may(member, room) };
    expect({ ...found, moderator: may(moderator, room) }).toEqual(expected);
  });

  it('that is not for somebody is refused in the words of one that does not exist', () => {
    const sentence = (room: string) =>
      (readingRefusal(rooms, room, alice) as Error | undefined)?.message.replace(room, 'NAME');
    expect(sentence('staff')).toBe(sentence('attic'));
    expect(sentence('staff')).toMatch(/no room NAME here/);
  });

  it('says what somebody may do instead: sign in, or read', () => {
    expect(() => requireReading(rooms, 'club', guest)).toThrow('Sign in to read the room club.');
    expect(writingRefusal(rooms, 'news', alice)!.message).toBe('You may read the room news, but not write in it.');
  });

  it('that is not named is every other one, where the operator allows it', () => {
    const all: Rooms = new Map([...rooms, ['*', { read: 'everyone', write: 'signed-in' }]]);
    expect(may(alice, 'attic', all)).toEqual(['yes', 'yes']);
    expect(may(alice, 'staff', all)).toEqual([no, no]);
    expect([isForEveryone(all, 'attic'), isForEveryone(rooms, 'attic'), isForEveryone(rooms, 'club')]).toEqual([
      ...[true, false, false],
    ]);
  });

  it('asks for roles that a token is looked through for', () => expect(rolesOf(rooms)).toEqual(['members']));
});

describe('somebody who is banned', () => {
  const banned = { ...noRules, bans: { [actor.id]: { until: 1_000 } } };
  let asked = 0;
  const rules = (): RoomRules => ({
    current: async () => {
      asked++;
      return { rules: banned };
    },
  });

  it('reads what everyone can, and no other room until the ban is over', async () => {
    await readRoom('lobby', alice, { rooms, rules }, 999);
    expect(asked).toBe(0);
    await expect(readRoom('club', alice, { rooms, rules }, 999)).rejects.toMatchObject({
      ...{ code: 'forbidden', rule: 'banned', until: 1_000 },
    });
    await readRoom('club', alice, { rooms, rules }, 1_000);
  });

  it('is asked for as little as anybody: a room that is not for them is refused without its rules', async () => {
    const before = asked;
    await expect(readRoom('club', guest, { rooms, rules }, 0)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(readRoom('staff', alice, { rooms, rules }, 0)).rejects.toMatchObject({
      code: 'forbidden',
      rule: 'access',
    });
    expect(asked).toBe(before);
  });
});
