import { describe, expect, it } from 'vitest';
import { exampleOf } from '../../../schemas/examples.ts';
import { ShoutError } from '../errors.ts';
import { noRules, type Rules } from '../governance/rules.ts';
import type { Appended, NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { Actor } from '../schema.generated.ts';
import { banPerson } from './ban-person.ts';
import { changeRoom } from './change-room.ts';
import { type Command, type Context, newEvent } from './command.ts';
import * as commands from './commands.ts';
import { deleteMessage } from './delete-message.ts';
import { execute } from './execute.ts';
import { sendMessage } from './send-message.ts';
import { unbanPerson } from './unban-person.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const idOf = (clientMessageId: string) => `${actor.id}:${clientMessageId}`;
const moderator: Actor = { ...actor, role: 'moderator' };
const contextOf = (clientMessageId: string, by: Actor = actor): Context => ({
  ...{ room: 'lobby', actor: by, clientMessageId, at: 1, limits: { textGraphemes: 500 } },
});

/**
 * Makes a log of one room, and functions that run commands on it. Each append first calls `interfere`, which can change
 * the log after the command has read its state.
 */
function logOf(interfere: (items: Map<string, StoredEvent>) => void = () => {}) {
  const items = new Map<string, StoredEvent>();
  const log = {
    find: async (_room: string, id: string) => items.get(id),
    append: async (event: NewEvent, amended?: StoredEvent): Promise<Appended> => {
      interfere(items);
      const found = items.get(event.id);
      if (found) return { kind: 'duplicate', found };
      if (amended && items.get(amended.id)?.revision !== amended.revision) return { kind: 'stale' };
      items.set(event.id, event);
      if (amended) items.set(amended.id, { ...amended, revision: (amended.revision ?? 0) + 1 });
      return { kind: 'appended' };
    },
  };
  const standing = { rules: noRules };
  const takes: string[] = [];
  const ports = {
    log,
    rules: { current: async () => standing },
    rateLimiter: {
      take: async (key: string) => {
        takes.push(key);
        if (takes.length > 1) throw new ShoutError('rate_limited', 'Too fast.', { retryAfterMs: 5_000 });
      },
    },
  };
  const send = (clientMessageId: string, text = 'hello') =>
    execute(sendMessage, { action: 'sendMessage', text }, contextOf(clientMessageId), ports);
  const remove = (clientMessageId: string, target: string) =>
    execute(deleteMessage, { action: 'deleteMessage', target: idOf(target) }, contextOf(clientMessageId), ports);
  const moderate = <C>(command: Command<C>, frame: C, clientMessageId: string) =>
    execute(command, frame, contextOf(clientMessageId, moderator), ports);
  return { items, send, remove, moderate, standing, takes, ports };
}

describe('a message', () => {
  it('is appended, and acknowledged again when it comes again', async () => {
    const { items, send } = logOf();
    expect(await send('m1')).toEqual({ id: idOf('m1'), appended: true, deleted: false });
    expect(await send('m1')).toEqual({ id: idOf('m1'), appended: false, deleted: false });
    expect(items.size).toBe(1);
  });

  it('with another text under the same id is a conflict', async () => {
    const { send } = logOf();
    await send('m1');
    await expect(send('m1', 'goodbye')).rejects.toMatchObject({
      ...{ code: 'conflict', message: expect.stringMatching(/used for another/), clientMessageId: 'm1' },
    });
  });

  it('under the id of a deletion is a conflict', async () => {
    const { send, remove } = logOf();
    await send('m1');
    await remove('d1', 'm1');
    await expect(send('d1')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is the same when it was amended meanwhile, and acknowledged as sent', async () => {
    const { items, send } = logOf();
    await send('m1');
    const data = { text: 'hello', important: true } as StoredEvent['data'];
    items.set(idOf('m1'), { ...items.get(idOf('m1'))!, data, revision: 1 } as StoredEvent);
    expect(await send('m1')).toMatchObject({ deleted: false });
  });

  it('under the id of a deleted one is acknowledged as deleted, whatever its text, and never as sent', async () => {
    const { send, remove } = logOf();
    await send('m1');
    await remove('d1', 'm1');
    for (const text of ['hello', 'goodbye']) {
      expect(await send('m1', text)).toEqual({ id: idOf('m1'), appended: false, deleted: true });
    }
  });
});

describe('a deletion', () => {
  it('takes the text out of its target, with the append', async () => {
    const { items, send, remove } = logOf();
    await send('m1');
    expect(await remove('d1', 'm1')).toEqual({ id: idOf('d1'), appended: true, deleted: false });
    expect(items.get(idOf('m1'))).toMatchObject({ data: { deleted: true }, revision: 1 });
  });

  it('of a deleted message appends nothing and is acknowledged with the message', async () => {
    const { items, send, remove } = logOf();
    await send('m1');
    await remove('d1', 'm1');
    expect(await remove('d2', 'm1')).toEqual({ id: idOf('m1'), appended: false, deleted: true });
    expect(items.size).toBe(2);
  });

  it('that comes again, its answer lost, is acknowledged as itself', async () => {
    const { send, remove } = logOf();
    await send('m1');
    await remove('d1', 'm1');
    expect(await remove('d1', 'm1')).toEqual({ id: idOf('d1'), appended: false, deleted: false });
  });

  it('that another one overtakes appends nothing', async () => {
    const { items, send, remove } = logOf((log) => {
      const message = log.get(idOf('m1'));
      if (message?.revision === undefined && message) {
        log.set(message.id, { ...message, type: 'MessagePosted', data: { deleted: true }, revision: 1 });
      }
    });
    await send('m1');
    expect(await remove('d1', 'm1')).toEqual({ id: idOf('m1'), appended: false, deleted: true });
    expect(items.has(idOf('d1'))).toBe(false);
  });

  it('gives up in the end where its target changes again and again', async () => {
    let changes = 0;
    const { send, remove } = logOf((log) => {
      const message = log.get(idOf('m1'));
      if (message) log.set(message.id, { ...message, revision: ++changes });
    });
    await send('m1');
    await expect(remove('d1', 'm1')).rejects.toMatchObject({
      ...{ code: 'unavailable', message: expect.stringMatching(/Try again/) },
    });
    expect(changes).toBe(10);
  });
});

describe('a clientMessageId that comes again', () => {
  const person = 'b'.repeat(22);
  const ban = { action: 'banPerson', person, seconds: 60 } as const;
  const numbered = (items: Map<string, StoredEvent>, id: string, seq: number) =>
    items.set(idOf(id), { ...items.get(idOf(id))!, seq });

  it('with a ban of another length is a conflict', async () => {
    const { moderate } = logOf();
    await moderate(banPerson, ban, 'x1');
    expect(await moderate(banPerson, ban, 'x1')).toMatchObject({ appended: false });
    await expect(moderate(banPerson, { ...ban, seconds: 120 }, 'x1')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('with the end of the ban is a conflict, though both say the same', async () => {
    const { moderate } = logOf();
    await moderate(banPerson, { action: 'banPerson', person }, 'x1');
    await expect(moderate(unbanPerson, { action: 'unbanPerson', person }, 'x1')).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('with the same pinned message is acknowledged, in whatever order the store keeps its fields', async () => {
    const { items, send, moderate } = logOf();
    await send('m1');
    numbered(items, 'm1', 7);
    const pin = { action: 'changeRoom', pinned: idOf('m1') } as const;
    await moderate(changeRoom, pin, 'x1');
    const data = { pinned: { seq: 7, id: idOf('m1') } };
    items.set(idOf('x1'), { ...items.get(idOf('x1'))!, data } as StoredEvent);
    expect(await moderate(changeRoom, pin, 'x1')).toMatchObject({ id: idOf('x1'), appended: false });
  });

  it('with another pinned message, or none, is a conflict', async () => {
    const { items, send, moderate } = logOf();
    for (const id of ['m1', 'm2']) {
      await send(id);
      numbered(items, id, 7);
    }
    const pinned = (id: string | null) => ({ action: 'changeRoom', pinned: id === null ? null : idOf(id) }) as const;
    await moderate(changeRoom, pinned('m1'), 'x1');
    await moderate(changeRoom, pinned(null), 'x2');
    const conflict = { code: 'conflict' };
    await expect(moderate(changeRoom, pinned('m2'), 'x1')).rejects.toMatchObject(conflict);
    await expect(moderate(changeRoom, pinned(null), 'x1')).rejects.toMatchObject(conflict);
    await expect(moderate(changeRoom, pinned('m1'), 'x2')).rejects.toMatchObject(conflict);
    await expect(moderate(changeRoom, { action: 'changeRoom', pinned: idOf('m1') }, 'm1')).rejects.toMatchObject(
      conflict,
    );
    expect(await moderate(changeRoom, pinned(null), 'x2')).toMatchObject({ appended: false });
  });
});

describe('a command whose first answer was lost', () => {
  const person = 'b'.repeat(22);
  const theirs = `${person}:m1`;
  const message: StoredEvent = {
    ...{ room: 'lobby', id: theirs, type: 'MessagePosted', v: 1, at: 1, seq: 7 },
    ...{ actor: { id: person, name: 'bob' }, data: { text: 'hello' } },
  };
  const deleted = { ...message, data: { deleted: true } } as StoredEvent;
  const pin = { action: 'changeRoom', pinned: theirs } as const;
  const remove = { action: 'deleteMessage', target: theirs } as const;
  const ban = { action: 'banPerson', person, seconds: 60 } as const;
  const unban = { action: 'unbanPerson', person } as const;
  const say = { action: 'sendMessage', text: 'hello' } as const;
  const byOperator = { ...noRules, bans: { [person]: { byOperator: true as const } } };
  const full = { ...noRules, bans: Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`${n}`, {}])) };
  const banned = { ...noRules, bans: { [actor.id]: { byOperator: true as const } } };
  const noAccess = new ShoutError('forbidden', 'This room is not for you.', { rule: 'access' });
  const known = { [theirs]: message };
  // biome-ignore lint/suspicious/noExplicitAny: each with its own frame
  const of = <C>(command: Command<C>, frame: C) => ({ name: command.name, command: command as Command<any>, frame });

  it.each([
    { ...of(changeRoom, pin), now: 'the message is deleted', items: { [theirs]: deleted }, code: 'invalid_message' },
    { ...of(changeRoom, pin), now: 'the message is gone', items: {}, code: 'invalid_message' },
    { ...of(changeRoom, pin), now: 'the role has ended', by: actor, code: 'forbidden' },
    { ...of(changeRoom, pin), now: 'the moderator is banned', rules: banned, code: 'forbidden' },
    { ...of(deleteMessage, remove), now: 'the role has ended', by: actor, code: 'forbidden' },
    { ...of(deleteMessage, remove), now: 'the message is gone', items: {}, code: 'invalid_message' },
    { ...of(banPerson, ban), now: 'the role has ended', by: actor, code: 'forbidden' },
    { ...of(banPerson, ban), now: 'the operator bans this person', rules: byOperator, code: 'forbidden' },
    { ...of(banPerson, ban), now: 'the room has as many bans as it can hold', rules: full, code: 'conflict' },
    { ...of(unbanPerson, unban), now: 'the role has ended', by: actor, code: 'forbidden' },
    { ...of(unbanPerson, unban), now: 'the operator bans this person', rules: byOperator, code: 'forbidden' },
    { ...of(sendMessage, say), now: 'the person is banned', by: actor, rules: banned, code: 'forbidden' },
    { ...of(sendMessage, say), now: 'the room is locked', by: actor, rules: { locked: true }, code: 'forbidden' },
    { ...of(sendMessage, say), now: 'a word is blocked', standing: { isBlocked: () => true }, code: 'forbidden' },
    { ...of(sendMessage, say), now: 'messages are to be shorter', limits: { textGraphemes: 4 }, code: 'too_large' },
    ...Object.values(commands).map((command) => ({
      ...of(command as Command<unknown>, exampleOf(command.name, { message: theirs, person })),
      ...{ now: 'the room is not for its sender any more', noAccess, code: 'forbidden' },
    })),
  ])('is acknowledged though $now: $name', async ({ command, frame, code, now: _, ...changed }) => {
    const { by = moderator, items: left = known, rules = {}, standing: more = {}, ...rest } = changed as Changed;
    const { items, standing, ports } = logOf();
    for (const [id, event] of Object.entries(known)) items.set(id, event);
    await execute(command, frame, contextOf('x1', moderator), ports);

    items.delete(theirs);
    for (const [id, event] of Object.entries(left)) items.set(id, event);
    Object.assign(standing, { rules: { ...noRules, ...rules }, ...more });
    const again = (id: string) => execute(command, frame, { ...contextOf(id, by), ...rest }, ports);
    expect(await again('x1')).toEqual({ id: idOf('x1'), appended: false, deleted: false });
    await expect(again('x2')).rejects.toMatchObject({ code });
    expect(items.has(idOf('x2'))).toBe(false);
  });
});

interface Changed {
  by?: Actor;
  items?: Record<string, StoredEvent>;
  rules?: Partial<Rules>;
  standing?: object;
  limits?: Context['limits'];
  noAccess?: ShoutError;
}

describe('a command', () => {
  const plain: Command<object> = {
    ...{
      name: 'plain',
      decide: (_frame, _state, context) => newEvent({ type: 'MessagePosted', data: { text: 'hi' } }, context),
    },
  };

  it('that needs nothing reads nothing', async () => {
    const { items, ports } = logOf();
    const fails = async () => {
      throw new Error('This was not to be read.');
    };
    const reading = { ...ports, log: { ...ports.log, find: fails }, rules: { current: fails } };
    expect(await execute(plain, {}, contextOf('p1'), reading)).toMatchObject({ appended: true });
    expect(await execute({ ...plain, needs: {}, paced: true }, {}, contextOf('p2'), reading)).toMatchObject({
      appended: true,
    });
    expect(items.size).toBe(2);
  });

  it.each([undefined, `${'b'.repeat(22)}:m1`])('that amends what it has not read is a defect: %s', async (read) => {
    const { items, send, ports } = logOf();
    await send('m1');
    items.set(`${'b'.repeat(22)}:m1`, { ...items.get(idOf('m1'))!, id: `${'b'.repeat(22)}:m1` });
    const amends: Command<object> = {
      name: 'amends',
      needs: { target: () => read },
      decide: (_frame, _state, context) =>
        newEvent({ type: 'MessageDeleted', data: { target: idOf('m1'), by: actor.id } }, context),
    };
    await expect(execute(amends, {}, contextOf('x1'), ports)).rejects.toThrow(
      'MessageDeleted amends what its command has not read.',
    );
    expect(items.has(idOf('x1'))).toBe(false);
  });
});

describe('a rule of the room', () => {
  const banned = { ...noRules, bans: { [actor.id]: { until: 1_000 } } };

  it('refuses what is said for the first time, and says which rule it is and until when', async () => {
    const { items, send, standing } = logOf();
    standing.rules = banned;
    await expect(send('m1')).rejects.toMatchObject({
      ...{ code: 'forbidden', rule: 'banned', until: 1_000, clientMessageId: 'm1' },
    });
    standing.rules = { ...noRules, locked: true };
    await expect(send('m1')).rejects.toMatchObject({ code: 'forbidden', rule: 'locked', clientMessageId: 'm1' });
    expect(items.size).toBe(0);
  });

  it('acknowledges what is in the log already, whose first answer was lost', async () => {
    const { send, standing } = logOf();
    await send('m1');
    for (const rules of [banned, { ...noRules, locked: true }]) {
      standing.rules = rules;
      expect(await send('m1')).toEqual({ id: idOf('m1'), appended: false, deleted: false });
      await expect(send('m1', 'goodbye')).rejects.toMatchObject({ code: 'conflict' });
    }
  });

  it('lets banned people delete what they said', async () => {
    const { send, remove, standing } = logOf();
    await send('m1');
    standing.rules = banned;
    expect(await remove('d1', 'm1')).toMatchObject({ appended: true });
  });

  it('keeps messages of one person apart in slow mode, says for how long, and acknowledges what is in the log', async () => {
    const { send, remove, standing, takes } = logOf();
    standing.rules = { ...noRules, slow: 10 };
    expect(await send('m1')).toMatchObject({ appended: true });
    const refused = { code: 'rate_limited', rule: 'slow', retryAfterMs: 5_000, clientMessageId: 'm2' };
    await expect(send('m2')).rejects.toMatchObject(refused);
    expect(await send('m1')).toMatchObject({ appended: false });
    expect(await remove('d1', 'm1')).toMatchObject({ appended: true });
    expect(new Set(takes)).toEqual(new Set([`SLOW#lobby#10#${actor.id}`]));
  });

  it('takes no turn without slow mode, nor of a moderator', async () => {
    const { send, moderate, standing, takes } = logOf();
    await send('m1');
    standing.rules = { ...noRules, slow: 10 };
    await moderate(sendMessage, { action: 'sendMessage', text: 'hello' }, 'm2');
    expect(takes).toEqual([]);
  });

  it('is not what refuses when the turns cannot be counted', async () => {
    const { ports, standing } = logOf();
    standing.rules = { ...noRules, slow: 10 };
    const broken = new Error('The table is gone.');
    const rateLimiter = { take: () => Promise.reject(broken) };
    const frame = { action: 'sendMessage', text: 'hello' } as const;
    await expect(execute(sendMessage, frame, contextOf('m1'), { ...ports, rateLimiter })).rejects.toBe(broken);
  });
});
