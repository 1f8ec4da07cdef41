import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessagePosted } from '../../src/domain/schema.generated.ts';
import { settle, VirtualClock } from './testing/clock.ts';
import { liveReader, reader } from './testing/reader.ts';
import { FakeRoom, type FakeSocket, token } from './testing/room.ts';

const never = () => new Promise<never>(() => {});

test.each<[string, (r: ReturnType<typeof reader>) => unknown]>([
  ['asking for the token', () => {}],
  ['live', (r) => r.clock.advance(100)],
  ['stable', (r) => r.clock.advance(100_000)],
  [
    'with a send unanswered',
    async (r) => {
      await r.clock.advance(100);
      r.room.onFrame = () => {};
      r.client.post('hi');
      await settle();
    },
  ],
  [
    'with an acked message under way',
    async (r) => {
      await r.clock.advance(100);
      r.room.delivers = false;
      r.client.post('hi');
      await settle();
    },
  ],
  [
    'rate limited',
    async (r) => {
      await r.clock.advance(100);
      r.room.onFrame = (_, socket) => socket.push({ type: 'error', code: 'rate_limited', message: '' });
      r.client.post('hi');
      await settle();
    },
  ],
  [
    'waiting to reconnect',
    async (r) => {
      r.room.onConnect = (socket) => socket.drop();
      await r.clock.advance(20_000);
    },
  ],
  [
    'loading the first page',
    async (r) => {
      r.room.onRequest = ({ pathname }) => (pathname === '/chat-history' ? never() : undefined);
      await r.clock.advance(100);
    },
  ],
  [
    'holding a gap',
    async (r) => {
      await r.clock.advance(100);
      r.room.socket.push(r.room.frame(...r.room.fill(3).slice(2)));
    },
  ],
  [
    'filling a gap',
    async (r) => {
      await r.clock.advance(100);
      r.room.onRequest = never;
      r.room.socket.push(r.room.frame(...r.room.fill(3).slice(2)));
      await r.clock.advance(1_000);
    },
  ],
  [
    'showing a new token',
    async (r) => {
      await r.clock.advance(100);
      r.room.onFrame = () => {};
      await r.client.refreshToken();
    },
  ],
])('closed while %s, nothing is left: no timer, no socket, no word', async (_, before) => {
  let nonce = 0;
  const r = reader({ getToken: async () => token({ exp: 2e9, nonce: nonce++ }) });
  r.client.open();
  await before(r);
  r.client.close();
  r.client.close();
  await settle();
  expect(r.clock.pending).toBe(0);
  expect(r.room.waiting).toBe(0);
  expect(r.room.sockets.every(({ closed, onmessage }) => closed && onmessage === null)).toBe(true);
  const { length } = r.changes;
  const requests = r.room.requests.length;
  await r.clock.advance(10 * 60_000);
  expect([r.changes.length, r.room.requests.length]).toEqual([length, requests]);
  expect(r.client.snapshot.connection).toBe('closed');
});

const turns = Array.from({ length: 40 }, (_, turn) => turn);

async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined;
}

test.each(turns)('closed %d turns of the event queue after opening or renewing, it stays closed', async (turns) => {
  let nonce = 0;
  const getToken = async () => token({ nonce: nonce++ });
  const opening = reader({ getToken });
  const renewing = await liveReader({ getToken });
  opening.client.open();
  void renewing.client.refreshToken();
  await pass(turns);
  const requests = [opening, renewing].map(({ client, room }) => {
    client.close();
    return room.requests.length;
  });
  await settle();
  expect([opening, renewing].map(({ room }) => room.requests.length)).toEqual(requests);
  for (const { client, room, clock } of [opening, renewing]) {
    expect(room.sockets.every(({ closed }) => closed)).toBe(true);
    expect(clock.pending + room.waiting).toBe(0);
    expect(client.snapshot.connection).toBe('closed');
  }
});

test.each(turns)('closed and opened again after %d turns, there is one connection', async (turns) => {
  let nonce = 0;
  const r = await liveReader({ getToken: async () => token({ nonce: nonce++ }) });
  void r.client.refreshToken();
  await pass(turns);
  r.client.close();
  r.client.open();
  await pass(turns);
  r.client.close();
  r.client.open();
  await settle();
  expect(r.client.snapshot.connection).toBe('live');
  expect(r.room.sockets.filter(({ closed }) => !closed)).toHaveLength(1);
});

test('close settles the promise of an older page', async () => {
  const room = new FakeRoom();
  room.fill(80);
  const r = await liveReader({}, room);
  room.onRequest = never;
  const older = r.client.loadOlder();
  r.client.close();
  await older;
  expect(r.client.snapshot.loadingOlder).toBe(false);
});

test('opened again it goes on from where it was, with what was not sent yet', async () => {
  const r = await liveReader();
  r.room.onFrame = () => {};
  r.client.post('hi');
  await settle();
  r.client.close();
  r.room.onFrame = (frame, socket) => r.room.answer(frame, socket);
  r.room.append('meanwhile');
  r.client.open();
  r.client.open();
  await r.clock.advance(2_000);
  expect(r.texts).toEqual(['hi', 'meanwhile']);
  expect(r.applied).toEqual([1, 2]);
  expect(r.room.sockets).toHaveLength(2);
  expect(r.room.requestsTo('chat-history')).toHaveLength(1);
});

test('the snapshot is one object until something changes', async () => {
  const r = await liveReader();
  const before = r.client.snapshot;
  expect(r.client.snapshot).toBe(before);
  r.client.post('hi');
  expect(r.client.snapshot).not.toBe(before);
  expect(before.outgoing).toEqual([]);
});

test('a listener that another one unsubscribes hears nothing of it any more', async () => {
  const r = reader();
  const heard: unknown[] = [];
  r.client.subscribe(() => stop());
  const stop = r.client.subscribe((change) => heard.push(change));
  r.client.open();
  await r.clock.advance(100);
  expect(heard).toEqual([]);
});

test('after unsubscribing nothing more is told', async () => {
  const r = reader();
  const heard: unknown[] = [];
  const stop = r.client.subscribe((change) => heard.push(change));
  r.client.open();
  stop();
  await r.clock.advance(100);
  expect(heard).toEqual([]);
});

/** What happens to a frame: whether it is dropped, how many copies arrive and how late. `also` happens meanwhile. */
interface Fate {
  dropped: boolean;
  copies: number;
  delay: number;
  also: 'nothing' | 'disconnect' | 'wake' | 'request fails' | 'index lags';
}

const fates = fc.array(
  fc.record<Fate>({
    dropped: fc.boolean(),
    copies: fc.integer({ min: 1, max: 3 }),
    delay: fc.integer({ min: 0, max: 400 }),
    also: fc.constantFrom('nothing', 'nothing', 'disconnect', 'wake', 'request fails', 'index lags'),
  }),
  { minLength: 1, maxLength: 40 },
);

test('whatever is dropped, doubled, delayed or cut, what is applied is 1..N, in order, each once', async () => {
  await fc.assert(
    fc.asyncProperty(fates, fc.integer({ min: 0, max: 5 }), async (script, already) => {
      const room = new FakeRoom();
      room.fill(already);
      const clock = new VirtualClock();
      const r = reader({}, room, clock);
      r.client.open();
      let failures = 0;
      room.onRequest = ({ pathname }) => {
        if (pathname !== '/events' || failures-- <= 0) return undefined;
        return failures % 2 ? Response.json({}, { status: 503 }) : lagging(room);
      };
      for (const fate of script) {
        const frame = room.frame(...room.fill(1));
        // Copies the list, because a socket that opens during the delay must not get the frame.
        const to: readonly FakeSocket[] = [...room.sockets];
        for (let copy = 0; copy < (fate.dropped ? 0 : fate.copies); copy++) {
          clock.setTimeout(
            () => {
              for (const socket of to) socket.push(frame);
            },
            fate.delay * (copy + 1),
          );
        }
        if (fate.also === 'disconnect') room.sockets.at(-1)?.drop();
        if (fate.also === 'wake') r.client.wake();
        if (fate.also === 'request fails' || fate.also === 'index lags') failures = 3;
        await clock.advance(fate.delay / 2);
      }
      await clock.advance(5 * 60_000);
      const first = r.client.snapshot.position.last - r.applied.length;
      expect(first, 'a first page holds no more than there was').toBeLessThanOrEqual(room.head);
      expect(r.applied).toEqual(room.log.slice(first).map(({ seq }) => seq));
      expect(r.client.snapshot.position.last).toBe(room.head);
      expect(r.texts).toEqual(room.log.map(({ data }) => (data as MessagePosted['data']).text).reverse());
      expect(r.changes.some(({ reset }) => reset)).toBe(false);
      expect(r.client.snapshot.connection).toBe('live');
      r.client.close();
      await settle();
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 200 },
  );
});

function lagging(room: FakeRoom): Response {
  return Response.json({ epoch: room.epoch, head: room.head, events: [] });
}

test('the role is as the server told last, by a pong or with a new token, and no guest has one', async () => {
  const r = await liveReader();
  const role = () => r.client.snapshot.role;
  expect(role()).toBeUndefined();
  r.room.socket.push({ type: 'authenticated', expiresAt: r.clock.now() + 3_600_000, role: 'moderator' });
  await r.clock.advance(0);
  expect(role()).toBe('moderator');
  // A pong that the client did not ask for goes to the whole room, so it does not tell this person's role.
  r.room.socket.push({ type: 'pong', epoch: r.room.epoch, head: r.room.head });
  await r.clock.advance(0);
  expect(role()).toBe('moderator');
  r.client.wake();
  await r.clock.advance(0);
  expect(role()).toBeUndefined();
});

test('a pong to the whole room that overtakes the answer to a ping does not take the role away', async () => {
  const r = await liveReader();
  const pong = { type: 'pong', epoch: r.room.epoch, head: r.room.head } as const;
  r.room.answer = () => {};
  r.client.wake();
  r.room.socket.push(pong);
  r.room.socket.push({ ...pong, role: 'moderator' });
  await r.clock.advance(0);
  expect(r.client.snapshot.role).toBe('moderator');
});

test('a message that was posted while the page loads, and is not on it, is not waited for without end', async () => {
  const room = new FakeRoom();
  room.fill(1);
  const r = await liveReader({}, room);
  r.room.delivers = false;
  r.room.restart('another epoch');
  r.room.fill(1);
  // The page lacks the message, as if its author had been banned: a voided message has a number, but is on no page.
  r.room.onRequest = ({ pathname }) =>
    pathname === '/chat-history'
      ? Response.json({ epoch: r.room.epoch, head: r.room.head, messages: [], nextBefore: null })
      : undefined;
  r.client.wake();
  await r.clock.advance(0);
  expect(r.changes.some(({ reset }) => reset)).toBe(true);
  r.client.post('hello');
  await r.clock.advance(1_000);
  expect(r.client.snapshot.outgoing).toMatchObject([{ state: 'sent' }]);
  await r.clock.advance(60_000);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('a part may ask the HTTP API about the room, as the person', async () => {
  const r = await liveReader();
  r.room.onRequest = ({ pathname }) => (pathname === '/reports' ? Response.json({ reports: [] }) : undefined);
  expect(await r.client.get('reports')).toEqual({ reports: [] });
  expect(r.room.requestsTo('reports')[0]!.searchParams.get('room')).toBe('lobby');
  expect(r.room.authorizations.at(-1)).toMatch(/^Bearer /);
  await expect(r.client.get('nothing')).rejects.toThrow('HTTP 404');
});

test('the snapshot says whether there is more to load, who reads, and how many are here', async () => {
  const room = new FakeRoom();
  room.fill(60);
  room.people = 12;
  const r = await liveReader({}, room);
  expect(r.client.snapshot).toMatchObject({ hasOlder: true, signedIn: true, people: 12, tokenRefused: false });
  await r.client.loadOlder();
  expect(r.client.snapshot).toMatchObject({ hasOlder: false, loadingOlder: false });
  const guest = await liveReader({ getToken: async () => undefined });
  expect(guest.client.snapshot).toMatchObject({ hasOlder: false, signedIn: false, people: undefined });
});

test('opened twice it connects once, and says so before anything has come', async () => {
  const r = reader();
  r.client.open();
  r.client.open();
  await r.clock.advance(100);
  expect(r.changes[0]!.snapshot.connection).toBe('connecting');
  expect(r.room.sockets).toHaveLength(1);
});

test('a page that is not understood is counted', async () => {
  const r = reader();
  r.room.onRequest = ({ pathname }) => (pathname === '/chat-history' ? Response.json({ messages: 'none' }) : undefined);
  r.client.open();
  await r.clock.advance(100);
  expect(r.client.malformed).toBe(1);
});

test('a reset is told without the events that came before it in the same change', async () => {
  const r = await liveReader();
  const [first] = r.room.fill(1);
  r.room.socket.push(r.room.frame(first!));
  r.room.socket.push({ type: 'pong', epoch: 'epoch-2', head: 5 });
  await r.clock.advance(0);
  expect(r.changes.filter(({ reset }) => reset)).toMatchObject([{ arrived: [] }]);
});
