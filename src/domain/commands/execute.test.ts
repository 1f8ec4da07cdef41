import { describe, expect, it } from 'vitest';
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
  const send = (clientMessageId: string, text = 'hello') =>
    execute(sendMessage, { action: 'sendMessage', text }, contextOf(clientMessageId), log);
  const remove = (clientMessageId: string, target: string) =>
    execute(deleteMessage, { action: 'deleteMessage', target: idOf(target) }, contextOf(clientMessageId), log);
  return { items, send, remove };
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
