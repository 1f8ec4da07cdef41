import { expect, test } from 'vitest';
import { settle } from './testing/clock.ts';
import { liveReader, reader } from './testing/reader.ts';
import { config, FakeRoom, token } from './testing/room.ts';

const MINUTE = 60_000;

test('the socket is opened for the room with the token as a subprotocol, never in the address', async () => {
  const jwt = token();
  const r = await liveReader({ room: 'lobby', getToken: async () => jwt });
  expect(r.room.socket.url).toBe('wss://ws.example/prod?room=lobby');
  expect(r.room.socket.protocols).toEqual(['shout-box.v1', `bearer.${jwt}`]);
});

test('a guest offers only the protocol, and asks without an Authorization header', async () => {
  const r = await liveReader({ getToken: async () => undefined });
  expect(r.room.socket.protocols).toEqual(['shout-box.v1']);
  expect(r.room.authorizations.every((header) => header === null)).toBe(true);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: false });
});

test('from closed over connecting and catching up it becomes live', async () => {
  const r = reader();
  expect(r.client.snapshot.connection).toBe('closed');
  r.client.open();
  expect(r.client.snapshot.connection).toBe('connecting');
  await r.clock.advance(100);
  expect(r.states.at(-1)).toBe('live');
});

test('it pings on open, again when the server has surely listed it, and then within every idle limit', async () => {
  const r = await liveReader();
  const pings = () => r.room.socket.sent.filter(({ action }) => action === 'ping').length;
  expect(pings()).toBe(1);
  await r.clock.advance(6_000);
  expect(pings()).toBe(2);
  await r.clock.advance(60 * MINUTE);
  expect(pings()).toBe(2 + 15);
});

test('a ping that is never answered means the socket is dead, and another one is opened', async () => {
  const r = await liveReader();
  r.room.onFrame = () => {};
  r.client.wake();
  await r.clock.advance(9_900);
  expect(r.room.sockets).toHaveLength(1);
  r.room.onFrame = (frame, socket) => r.room.answer(frame, socket);
  await r.clock.advance(1_000);
  expect(r.room.sockets[0]!.closed).toBe(true);
  expect(r.room.sockets).toHaveLength(2);
  expect(r.client.snapshot.connection).toBe('live');
});

test('while events keep coming a missing pong is asked for again and the socket kept', async () => {
  const r = await liveReader();
  r.room.onFrame = () => {};
  r.client.wake();
  for (let i = 0; i < 10; i++) {
    await r.clock.advance(5_000);
    r.room.socket.push(r.room.frame(...r.room.fill(1)));
  }
  expect(r.room.sockets).toHaveLength(1);
});

test('a socket that never opens is given up', async () => {
  const r = reader();
  r.room.onConnect = () => {};
  r.client.open();
  await r.clock.advance(22_000);
  expect(r.room.sockets.length).toBe(2);
  expect(r.room.sockets[0]!.closed).toBe(true);
  expect(r.client.snapshot.connection).toBe('offline');
});

test('after the two-hour limit it is back almost at once, without ever being called offline', async () => {
  const r = await liveReader();
  await r.clock.advance(120 * MINUTE);
  r.room.socket.drop();
  const before = r.changes.length;
  await r.clock.advance(1_000);
  expect(r.client.snapshot.connection).toBe('live');
  expect(r.changes.slice(before).map(({ snapshot }) => snapshot.connection)).not.toContain('offline');
  expect(r.room.requestsTo('events'), 'nothing was missed, so nothing is asked for').toHaveLength(0);
});

test('a new connection is not called live before its ping is answered', async () => {
  const r = await liveReader();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  r.room.onFrame = () => resolve();
  r.room.socket.drop();
  await r.clock.advance(1_000);
  await asked;
  expect(r.client.snapshot.connection).toBe('catching-up');
  r.room.socket.push({ type: 'pong', epoch: '', head: 0 });
  expect(r.client.snapshot.connection).toBe('live');
});

test('what was missed between two connections is fetched, exactly', async () => {
  const r = await liveReader();
  r.room.onConnect = (socket) => socket.drop();
  r.room.socket.drop();
  r.room.onRequest = () => {
    throw new TypeError('network');
  };
  await r.clock.advance(MINUTE);
  r.room.fill(5);
  r.room.onConnect = (socket) => socket.accept();
  r.room.onRequest = () => undefined;
  r.client.wake();
  await r.clock.advance(1_000);
  expect(r.applied).toEqual([1, 2, 3, 4, 5]);
  expect(r.changes.some(({ reset }) => reset)).toBe(false);
});

test.each([0, 0.5, 0.999])('attempts are spread below a ceiling that doubles up to 30 s (random %d)', async (dice) => {
  const r = reader({ random: () => dice });
  const attempts: number[] = [];
  r.room.onConnect = (socket) => {
    attempts.push(r.clock.now());
    if (attempts.length <= 10) socket.drop();
  };
  r.client.open();
  await r.clock.advance(5 * MINUTE);
  const waits = attempts.slice(1, 11).map((at, i) => at - attempts[i]!);
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 30].map((ceiling) => dice * ceiling * 1_000));
});

test('a connection that opens and falls over at once does not reset the backoff', async () => {
  const r = reader();
  const attempts: number[] = [];
  r.room.onConnect = (socket) => {
    attempts.push(r.clock.now());
    socket.accept();
    socket.drop();
  };
  r.client.open();
  await r.clock.advance(MINUTE);
  expect(attempts.length).toBeLessThan(10);
});

test('a connection that held counts as good: the next failure is the first again', async () => {
  const r = reader();
  r.room.onConnect = (socket) => socket.drop();
  r.client.open();
  await r.clock.advance(30_000);
  r.room.onConnect = (socket) => socket.accept();
  await r.clock.advance(MINUTE);
  expect(r.client.snapshot.connection).toBe('live');
  const opened = r.room.sockets.length;
  r.room.socket.drop();
  await r.clock.advance(500);
  expect(r.room.sockets.length).toBe(opened + 1);
});

test('wake ends a long wait at once', async () => {
  const r = reader({ random: () => 0.999 });
  r.room.onConnect = (socket) => socket.drop();
  r.client.open();
  await r.clock.advance(2 * MINUTE);
  expect(r.client.snapshot.connection).toBe('offline');
  const opened = r.room.sockets.length;
  r.room.onConnect = (socket) => socket.accept();
  r.client.wake();
  await r.clock.advance(0);
  expect(r.room.sockets.length).toBe(opened + 1);
  expect(r.client.snapshot.connection).toBe('live');
});

test('where the browser says offline it is shown at once, and a pong is the proof to the contrary', async () => {
  let online = false;
  const r = await liveReader({ online: () => online });
  const { answer } = r.room;
  r.room.onFrame = () => {};
  r.client.wake();
  expect(r.client.snapshot.connection).toBe('offline');
  online = true;
  r.room.onFrame = (frame, socket) => answer.call(r.room, frame, socket);
  r.room.socket.push({ type: 'pong', epoch: '', head: 0 });
  expect(r.client.snapshot.connection).toBe('live');
});

test('where no WebSocket can be had the room is still read, over HTTP', async () => {
  const r = reader({
    WebSocket: class {
      constructor() {
        throw new DOMException('blocked', 'SecurityError');
      }
    } as never,
  });
  r.room.fill(2);
  r.client.open();
  await r.clock.advance(1_000);
  expect(r.shown).toEqual([2, 1]);
  expect(r.client.snapshot.connection).toBe('offline');
  r.room.fill(3);
  await r.clock.advance(2 * MINUTE);
  expect(r.applied).toEqual([3, 4, 5]);
});

test('an address that moved is found through /config', async () => {
  const r = await liveReader();
  r.room.config = { ...config, webSocketUrl: 'wss://new.example/prod' };
  r.room.onConnect = (socket) => (socket.url.includes('new') ? socket.accept() : socket.drop());
  r.room.socket.drop();
  await r.clock.advance(5_000);
  expect(r.room.socket.url).toContain('new.example');
  expect(r.client.snapshot.connection).toBe('live');
});

test.each<[string, unknown]>([
  ['not JSON', '<html>'],
  ['not an object', '[]'],
  ['null', 'null'],
  ['of a type unknown', { type: 'confetti' }],
  ['an ack without an id', { type: 'ack', clientMessageId: 'c1' }],
  ['a pong without a head', { type: 'pong', epoch: 'x', head: '3' }],
  ['events with one that has no number', { type: 'events', room: 'lobby', epoch: 'x', events: [{ id: 'a' }] }],
  ['events that are no list', { type: 'events', room: 'lobby', epoch: 'x', events: { length: 1 } }],
  ['an expiry that is no time', { type: 'authenticated', expiresAt: 'soon' }],
])('a frame that is %s is counted and ignored', async (_, frame) => {
  const r = await liveReader();
  r.room.socket.push(frame);
  expect(r.client.malformed).toBe(1);
  expect(r.client.snapshot.connection).toBe('live');
});

test('a binary frame is counted and ignored', async () => {
  const r = await liveReader();
  r.room.socket.raw(new ArrayBuffer(3));
  expect(r.client.malformed).toBe(1);
});

test('an abandoned socket can say nothing any more', async () => {
  const r = await liveReader();
  const old = r.room.socket;
  r.client.close();
  r.client.open();
  await r.clock.advance(100);
  old.closed = false;
  old.push(r.room.frame(...r.room.fill(1)));
  old.drop();
  await r.clock.advance(100);
  expect(r.applied).toEqual([]);
  expect(r.room.sockets).toHaveLength(2);
});

test('a listener that throws is reported and does not keep the others from hearing', async () => {
  const r = reader();
  r.client.subscribe(() => {
    throw new Error('from a listener');
  });
  const heard: unknown[] = [];
  r.client.subscribe((change) => heard.push(change));
  const reported = nextUncaught();
  r.client.open();
  expect(await reported).toMatchObject({ message: 'from a listener' });
  expect(heard.length).toBeGreaterThan(0);
  expect(heard).toEqual(r.changes);
});

test('pages are asked for in the size wanted, but no larger than the server allows', async () => {
  const small = new FakeRoom();
  small.config = { ...config, limits: { ...config.limits, pageSize: 30 } };
  small.fill(90);
  const r = await liveReader({ pageSize: 80 }, small);
  await r.client.loadOlder();
  expect(r.room.requestsTo('chat-history').map(({ searchParams }) => searchParams.get('limit'))).toEqual(['50', '30']);
});

test('the first page is asked for in the size wanted, without waiting for the settings', async () => {
  const r = reader({ pageSize: 20 });
  r.room.onRequest = ({ pathname }) => (pathname === '/config' ? new Promise(() => {}) : undefined);
  r.room.fill(30);
  r.client.open();
  await r.clock.advance(100);
  expect(r.room.requestsTo('chat-history').map(({ search }) => search)).toEqual(['?room=lobby&limit=20']);
  expect(r.texts).toHaveLength(20);
  expect(r.states).toEqual(['connecting']);
});

test.each([0, -3, Number.NaN])('a page size of %d is no size, and the server chooses', async (pageSize) => {
  const r = await liveReader({ pageSize });
  expect(r.room.requestsTo('chat-history')[0]!.search).toBe('?room=lobby');
});

/** Waits for the next uncaught exception, and hides it from the test runner. */
async function nextUncaught(): Promise<unknown> {
  const runners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const { promise, resolve } = Promise.withResolvers<unknown>();
  process.on('uncaughtException', resolve);
  const error = await promise;
  await settle();
  process.removeAllListeners('uncaughtException');
  for (const runner of runners) process.on('uncaughtException', runner);
  return error;
}
