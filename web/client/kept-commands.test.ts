import { expect, test } from 'vitest';
import type { KeptStorage } from './kept-commands.ts';
import { liveReader } from './testing/reader.ts';
import { FakeRoom, token } from './testing/room.ts';

const DAY_MS = 24 * 3_600_000;

class FakeStorage implements KeptStorage {
  readonly #items = new Map<string, string>();
  get length() {
    return this.#items.size;
  }
  key(index: number) {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.#items.set(key, value);
  }
  removeItem(key: string) {
    this.#items.delete(key);
  }
}

/** Somebody posts to a server that does not answer, and leaves the page. */
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

test('whoever signs out leaves nothing behind', async () => {
  const storage = new FakeStorage();
  const { client, clock, room } = await liveReader({ storage });
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
