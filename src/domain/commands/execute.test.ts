import { describe, expect, it } from 'vitest';
import { ShoutError } from '../errors.ts';
import { noRules } from '../governance/rules.ts';
import type { Appended, NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { Context } from './command.ts';
import { deleteMessage } from './delete-message.ts';
import { execute } from './execute.ts';
import { sendMessage } from './send-message.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const idOf = (clientMessageId: string) => `${actor.id}:${clientMessageId}`;
const contextOf = (clientMessageId: string): Context => ({
  ...{ room: 'lobby', actor, clientMessageId, at: 1, limits: { textGraphemes: 500 } },
});

/** A log of one room. `interfere` is called between what a command reads and what it appends. */
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
  return { items, send, remove, standing, takes };
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
    await expect(send('m1', 'goodbye')).rejects.toMatchObject({ code: 'conflict', clientMessageId: 'm1' });
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
    await expect(remove('d1', 'm1')).rejects.toMatchObject({ code: 'unavailable' });
    expect(changes).toBeLessThan(100);
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
});
