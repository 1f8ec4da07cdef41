import { describe, expect, it, test } from 'vitest';
import { KeptCommands, type KeptStorage } from './kept-commands.ts';
import type { Entry } from './snapshot.ts';
import { FakeStorage } from './testing/fake-storage.ts';
import { liveReader, reader } from './testing/reader.ts';
import { FakeRoom, token } from './testing/room.ts';

const DAY_MS = 24 * 3_600_000;

/** Posts `texts` while the room does not answer, and closes the client. The returned room answers again. */
async function leaveUnsent(storage: KeptStorage, texts: string[]) {
  const room = new FakeRoom();
  const { onFrame } = room;
  const { client, clock } = await liveReader({ storage }, room);
  room.onFrame = () => {};
  for (const text of texts) client.post(text);
  const ids = client.snapshot.outgoing.map(({ clientMessageId }) => clientMessageId);
  client.close();
  await clock.advance(100);
  room.onFrame = onFrame;
  return { room, clock, ids };
}

test('what says "Sending…" when somebody leaves is sent at the next visit, in order, under the same id', async () => {
  const storage = new FakeStorage();
  const { room, clock, ids } = await leaveUnsent(storage, ['one', 'two']);
  expect(storage.length).toBe(2);
  const { client } = await liveReader({ storage }, room, clock);
  await clock.advance(5_000);
  expect(room.log.map(({ id }) => id.split(':')[1])).toEqual(ids);
  expect(client.snapshot.outgoing).toEqual([]);
  expect(storage.length).toBe(0);
});

test('what had arrived although its answer was lost counts once', async () => {
  const storage = new FakeStorage();
  const { room, clock, ids } = await leaveUnsent(storage, ['one']);
  room.append('one', { id: 'me'.padEnd(22, '0'), name: 'me' }, ids[0]);
  const { client } = await liveReader({ storage }, room, clock);
  await clock.advance(5_000);
  expect(room.log).toHaveLength(1);
  expect(client.snapshot.outgoing).toEqual([]);
});

test('two pages that take it up send it once', async () => {
  const storage = new FakeStorage();
  const { room, clock } = await leaveUnsent(storage, ['one']);
  const pages = [await liveReader({ storage }, room, clock), await liveReader({ storage }, room, clock)];
  await clock.advance(5_000);
  expect(room.log).toHaveLength(1);
  expect(pages.map(({ client }) => client.snapshot.outgoing)).toEqual([[], []]);
});

test('what was written before the sign-in is kept while it has no answer', async () => {
  const storage = new FakeStorage();
  const room = new FakeRoom();
  room.onFrame = () => {};
  const { client, clock } = reader({ storage }, room);
  client.post('early');
  expect(storage.length).toBe(0);
  await client.prepare();
  client.open();
  await clock.advance(100);
  expect([room.socket.sent.length, storage.length]).toEqual([2, 1]);
});

test('what is taken up shows at once, and what another page keeps later is left to that page', async () => {
  const storage = new FakeStorage();
  const { room, clock } = await leaveUnsent(storage, ['one']);
  room.onFrame = () => {};
  const { client, changes } = await liveReader({ storage, createId: () => 'other' }, room, clock);
  expect(changes.at(-1)!.snapshot.outgoing).toMatchObject([{ text: 'one' }]);
  const { length } = storage;
  const another = await liveReader({ storage, createId: () => 'another' }, room, clock);
  another.client.post('of another page');
  expect(storage.length).toBe(length + 1);
  client.post('two');
  expect(client.snapshot.outgoing.map(({ text }) => text)).toEqual(['one', 'two']);
});

test('what waits for somebody who comes back is there once', async () => {
  let sub = 'me';
  const storage = new FakeStorage();
  const { client, clock, room } = await liveReader({ storage, getToken: async () => token({ sub }) });
  room.onFrame = () => {};
  client.post('mine');
  for (sub of ['somebody', 'me']) {
    await client.refreshToken();
    await clock.advance(1_000);
  }
  expect(client.snapshot.outgoing.map(({ text }) => text)).toEqual(['mine']);
});

test('nobody else sends it, and it waits for its author', async () => {
  const storage = new FakeStorage();
  const { room, clock } = await leaveUnsent(storage, ['one']);
  const somebody = await liveReader({ storage, getToken: async () => token({ sub: 'somebody' }) }, room, clock);
  await clock.advance(5_000);
  expect(somebody.client.snapshot.outgoing).toEqual([]);
  expect(room.log).toEqual([]);
  expect(storage.length).toBe(1);
});

test('what waits is not sent as somebody else who signs in on the same page', async () => {
  let sub = 'me';
  const { client, clock, room } = await liveReader({ getToken: async () => token({ sub }) });
  room.socket.drop();
  client.post('mine');
  sub = 'somebody';
  await client.refreshToken();
  await clock.advance(60_000);
  expect(room.log).toEqual([]);
});

test('whoever signs out leaves nothing behind, however the page spells the server', async () => {
  const storage = new FakeStorage();
  await leaveUnsent(storage, ['zero']);
  expect(storage.length).toBe(1);
  const { client, clock, room } = await liveReader({ storage, server: 'https://api.example' });
  room.onFrame = () => {};
  client.post('one');
  client.clear();
  await clock.advance(100);
  expect(storage.length).toBe(0);
  expect(client.snapshot.outgoing).toEqual([]);
});

test('what is older than a day is removed instead of sent', async () => {
  const storage = new FakeStorage();
  const { room, clock } = await leaveUnsent(storage, ['yesterday']);
  await clock.advance(DAY_MS + 1);
  await liveReader({ storage, getToken: async () => token() }, room, clock);
  await clock.advance(5_000);
  expect(room.log).toEqual([]);
  expect(storage.length).toBe(0);
});

test('a storage that is blocked or full, or holds something else, changes nothing', async () => {
  const storage = new FakeStorage();
  storage.setItem('shout-box:outbox:https://api.example/ lobby:x', '{');
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const { client, clock, room } = await liveReader({ storage });
  client.post('one');
  await clock.advance(5_000);
  expect(room.log).toHaveLength(1);
});

describe('the commands of a place', () => {
  const NOW = 1_800_000_000_000;
  const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
    ...{ command: { action: 'sendMessage', text: id, clientMessageId: id }, at: NOW, person: 'me' },
    ...{ state: 'sending', attempts: 0 },
    ...more,
  });
  const keyOf = (id: string, place = 'https://api.example lobby') => `shout-box:outbox:${place}:${id}`;
  const place = (storage: KeptStorage | undefined) => ({ storage, server: 'https://api.example', room: 'lobby' });
  const keysOf = (storage: KeptStorage) => Array.from({ length: storage.length }, (_, index) => storage.key(index));
  const keeping = () => {
    const storage = new FakeStorage();
    return { storage, kept: new KeptCommands(place(storage)) };
  };
  const idsOf = (found: readonly Pick<Entry, 'command'>[]) => found.map(({ command }) => command.clientMessageId);

  it('are those that are still to be sent, of somebody who is known', () => {
    const { storage, kept } = keeping();
    kept.keep([
      ...[entry('m1'), entry('m2', { state: 'failed' }), entry('m3', { state: 'sent' })],
      entry('m4', { person: undefined }),
    ]);
    expect(keysOf(storage)).toEqual([keyOf('m1')]);
    expect(JSON.parse(storage.getItem(keyOf('m1'))!)).toEqual({ command: entry('m1').command, at: NOW, person: 'me' });
    kept.keep([entry('m1', { state: 'failed' }), entry('m2', { state: 'sending' })]);
    expect(keysOf(storage)).toEqual([keyOf('m2')]);
    kept.keep([entry('m1'), entry('m2')]);
    expect(keysOf(storage)).toEqual([keyOf('m2'), keyOf('m1')]);
  });

  it('are written once: what another page has removed stays removed', () => {
    const { storage, kept } = keeping();
    kept.keep([entry('m1')]);
    storage.removeItem(keyOf('m1'));
    kept.keep([entry('m1')]);
    expect(storage.length).toBe(0);
  });

  it('are found by their author, oldest first, and nobody else’s, of no other room and no other server', () => {
    const { storage, kept } = keeping();
    const [m1, m2, m3] = [3, 2, 1].map((age, index) => entry(`m${index + 1}`, { at: NOW - age }));
    kept.keep([m2!, m1!, entry('theirs', { person: 'somebody' }), m3!]);
    storage.setItem(keyOf('m9', 'https://api.example garden'), JSON.stringify(entry('m9')));
    storage.setItem('else', 'nothing of ours');
    expect(idsOf(kept.load('me', NOW))).toEqual(['m1', 'm2', 'm3']);
    expect(storage.length).toBe(6);
  });

  it('are kept for a day, whosever they are, and what is none of them is removed', () => {
    const { storage, kept } = keeping();
    const DAY = 24 * 3_600_000;
    const old = { at: NOW - DAY - 1 };
    kept.keep([entry('m1', { at: NOW - DAY }), entry('m2', old), entry('m3', { ...old, person: 'somebody' })]);
    storage.setItem(keyOf('x'), 'null');
    storage.setItem(keyOf('y'), '{');
    expect(idsOf(kept.load('me', NOW))).toEqual(['m1']);
    expect(keysOf(storage)).toEqual([keyOf('m1')]);
  });

  it('are none where nothing can be stored or read', () => {
    const nowhere = new KeptCommands(place(undefined));
    nowhere.keep([entry('m1')]);
    nowhere.keep([]);
    expect(nowhere.load('me', NOW)).toEqual([]);
    const { storage, kept } = keeping();
    kept.keep([entry('m1')]);
    storage.getItem = storage.removeItem = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    expect(kept.load('me', NOW)).toEqual([]);
  });
});
