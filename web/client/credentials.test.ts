import { expect, test } from 'vitest';
import { personOf } from './credentials.ts';
import { VirtualClock } from './testing/clock.ts';
import { liveReader, reader } from './testing/reader.ts';
import { config, FakeRoom, type FakeSocket, token } from './testing/room.ts';

const MINUTE = 60_000;

function closedRoom(): FakeRoom {
  const room = new FakeRoom();
  room.config = { ...config, guests: false };
  return room;
}

const shown = ({ sent }: FakeSocket) => sent.flatMap((frame) => (frame.action === 'authenticate' ? frame.token : []));

test('before a token ends the next one is shown over the live socket', async () => {
  const clock = new VirtualClock();
  const until = (minutes: number) => token({ exp: clock.now() / 1_000 + minutes * 60 });
  const [first, second] = [until(10), until(20)];
  const tokens = [first, second];
  const r = await liveReader({ getToken: async () => tokens.shift() }, new FakeRoom(), clock);
  await clock.advance(8 * MINUTE);
  expect(shown(r.room.socket)).toEqual([]);
  await clock.advance(1.5 * MINUTE);
  expect(shown(r.room.socket)).toEqual([second]);
  expect(r.room.sockets).toHaveLength(1);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
});

test('hour after hour, each token is asked for once', async () => {
  const clock = new VirtualClock();
  let asked = 0;
  const getToken = async () => token({ exp: clock.now() / 1_000 + 600, nonce: asked++ });
  const r = await liveReader({ getToken }, new FakeRoom(), clock);
  await clock.advance(60 * MINUTE);
  expect(asked).toBe(1 + 6);
  expect(shown(r.room.socket)).toHaveLength(6);
});

test('a renewal that fails is tried again while the socket lives on', async () => {
  const clock = new VirtualClock();
  let asked = 0;
  const getToken = async () => {
    if (++asked === 2) throw new Error('issuer unreachable');
    return token({ exp: clock.now() / 1_000 + 600, nonce: asked });
  };
  const r = await liveReader({ getToken }, new FakeRoom(), clock);
  await clock.advance(9.5 * MINUTE);
  expect(asked).toBe(3);
  expect(shown(r.room.socket)).toHaveLength(1);
  expect(r.room.sockets).toHaveLength(1);
});

test('a machine that slept past the renewal renews when it wakes', async () => {
  let asked = 0;
  let slept = 0;
  const clock = new VirtualClock();
  const exp = clock.now() / 1_000 + 600;
  const getToken = async () => token({ exp: exp + 600 * asked++ });
  const r = await liveReader({ getToken, now: () => clock.now() + slept }, new FakeRoom(), clock);
  expect(asked).toBe(1);
  slept = 20 * MINUTE;
  r.client.wake();
  await clock.advance(0);
  expect(asked).toBe(2);
});

test('signing in on a guest connection keeps the socket', async () => {
  let jwt: string | undefined;
  const r = await liveReader({ getToken: async () => jwt });
  expect(r.client.snapshot.signedIn).toBe(false);
  jwt = token({ exp: 2e9 });
  await r.client.refreshToken();
  await r.clock.advance(0);
  expect(shown(r.room.socket)).toEqual([jwt]);
  r.client.post('hi');
  await r.clock.advance(0);
  expect(r.texts).toEqual(['hi']);
  expect(r.room.sockets).toHaveLength(1);
});

test('a token is shown once, however often it is offered', async () => {
  let jwt: string | undefined;
  const r = await liveReader({ getToken: async () => jwt });
  jwt = token({ exp: 2e9 });
  await Promise.all([r.client.refreshToken(), r.client.refreshToken()]);
  await r.clock.advance(0);
  await r.client.refreshToken();
  expect(shown(r.room.socket)).toEqual([jwt]);
});

test('a socket the server takes for somebody else gives way to one that begins with the token', async () => {
  let nonce = 0;
  const r = await liveReader({ getToken: async () => token({ nonce: nonce++ }) });
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'authenticate') socket.push({ type: 'error', code: 'forbidden', message: 'another person' });
    else r.room.answer(frame, socket);
  };
  await r.client.refreshToken();
  await r.clock.advance(100);
  expect(r.room.sockets).toHaveLength(2);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
});

test('what a guest wrote goes out after signing in', async () => {
  let jwt: string | undefined;
  const r = await liveReader({ getToken: async () => jwt });
  r.client.post('hi');
  await r.clock.advance(MINUTE);
  expect(r.client.snapshot.outgoing).toMatchObject([{ text: 'hi', state: 'sending' }]);
  jwt = token({ exp: 2e9 });
  await r.client.refreshToken();
  await r.clock.advance(0);
  expect(r.texts).toEqual(['hi']);
});

test('another person gets another socket', async () => {
  let jwt: string | undefined = token({ sub: 'me' });
  const r = await liveReader({ getToken: async () => jwt });
  jwt = token({ sub: 'alice' });
  await r.client.refreshToken();
  await r.clock.advance(0);
  expect(r.room.sockets).toHaveLength(2);
  expect(r.room.socket.protocols[1]).toBe(`bearer.${jwt}`);
});

test('after signing out the socket of that person is closed and reading goes on as a guest', async () => {
  let jwt: string | undefined = token();
  const r = await liveReader({ getToken: async () => jwt });
  jwt = undefined;
  await r.client.refreshToken();
  await r.clock.advance(0);
  expect(r.room.sockets[0]!.closed).toBe(true);
  expect(r.room.socket.protocols).toEqual(['shout-box.v1']);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: false });
});

test('where guests may not read, no token means signed out: no socket, no page, no timer', async () => {
  const r = await liveReader({ getToken: async () => undefined }, closedRoom());
  expect(r.client.snapshot).toMatchObject({ connection: 'signed-out', config: r.room.config });
  expect(r.states, 'a page that wants a sign-in is no failure').toEqual(['connecting', 'signed-out']);
  await r.clock.advance(10 * MINUTE);
  expect(r.room.sockets).toHaveLength(0);
  expect(r.room.requests.map(({ pathname }) => pathname)).toEqual(['/config', '/chat-history']);
  expect(r.clock.pending).toBe(0);
});

test('signing in from there opens the room', async () => {
  let jwt: string | undefined;
  const room = closedRoom();
  room.fill(2);
  const r = await liveReader({ getToken: async () => jwt }, room);
  jwt = token();
  await r.client.refreshToken();
  await r.clock.advance(100);
  expect(r.client.snapshot.connection).toBe('live');
  expect(r.shown).toEqual([2, 1]);
});

test('a token refused on sending is replaced once, and the message goes out', async () => {
  let nonce = 0;
  const refusals: (string | undefined)[] = [];
  const r = await liveReader({
    getToken: async (refused) => {
      refusals.push(refused);
      return token({ exp: 2e9, nonce: nonce++ });
    },
  });
  const first = r.room.socket.protocols[1]!.slice('bearer.'.length);
  let sends = 0;
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'sendMessage' && sends++ === 0) {
      socket.push({ type: 'error', code: 'unauthenticated', message: 'expired' });
    } else r.room.answer(frame, socket);
  };
  r.client.post('hi');
  await r.clock.advance(1_000);
  expect(refusals).toEqual([undefined, first]);
  expect(r.texts).toEqual(['hi']);
});

test('a connection the server lost track of is replaced, with the token that is still good', async () => {
  const r = await liveReader();
  const lost = r.room.socket;
  r.room.onFrame = (frame, socket) => {
    if (socket === lost) socket.push({ type: 'error', code: 'unauthenticated', message: 'not known any more' });
    else r.room.answer(frame, socket);
  };
  r.client.wake();
  await r.clock.advance(1_000);
  expect(lost.closed).toBe(true);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
});

test("a guest's connection the server lost track of is replaced too, ever more slowly where that does not help", async () => {
  const r = await liveReader({ getToken: async () => undefined });
  r.room.onFrame = (_, socket) => socket.push({ type: 'error', code: 'unauthenticated', message: 'not known' });
  r.client.wake();
  await r.clock.advance(MINUTE);
  expect(r.room.sockets.length).toBeGreaterThan(2);
  expect(r.room.sockets.length).toBeLessThan(10);
});

test.each([
  ['the same token again', () => token()],
  ['ever new tokens', (n: number) => token({ nonce: n })],
])('%s, all refused, end in signed out with the outbox kept', async (_, make) => {
  let asked = 0;
  const room = closedRoom();
  const r = await liveReader({ getToken: async () => make(asked++) }, room);
  room.onFrame = (frame, socket) => {
    if (frame.action === 'ping') r.room.answer(frame, socket);
    else socket.push({ type: 'error', code: 'unauthenticated', message: 'no' });
  };
  r.client.post('hi');
  await r.clock.advance(5 * MINUTE);
  expect(r.client.snapshot).toMatchObject({
    connection: 'signed-out',
    signedIn: false,
    outgoing: [],
  });
  expect(asked).toBeLessThan(5);
  room.onFrame = (frame, socket) => room.answer(frame, socket);
  await r.client.refreshToken();
  await r.clock.advance(1_000);
  expect(r.texts).toEqual(['hi']);
});

test('a page refused with 401 leads to a new token, not to endless asking with the old one', async () => {
  let nonce = 0;
  const room = closedRoom();
  const r = reader({ getToken: async () => token({ nonce: nonce++ }) }, room);
  room.onConnect = (socket) => (nonce > 1 ? socket.accept() : socket.drop());
  room.onRequest = (url) =>
    url.pathname === '/chat-history' && nonce < 2
      ? Response.json({ code: 'unauthenticated', message: 'no' }, { status: 401 })
      : undefined;
  r.client.open();
  await r.clock.advance(5_000);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
});

test('pages refused to whatever token end in signed out, with nothing going on', async () => {
  let nonce = 0;
  const room = closedRoom();
  room.onRequest = ({ pathname }) =>
    pathname === '/chat-history'
      ? Response.json({ code: 'unauthenticated', message: 'no' }, { status: 401 })
      : undefined;
  const r = await liveReader({ getToken: async () => token({ nonce: nonce++ }) }, room);
  await r.clock.advance(MINUTE);
  expect(r.client.snapshot).toMatchObject({ connection: 'signed-out', signedIn: false });
  expect(r.clock.pending).toBe(0);
});

test('a page refused to a token that was replaced meanwhile changes nothing', async () => {
  let nonce = 0;
  const r = reader({ getToken: async () => token({ nonce: nonce++ }) });
  const page = Promise.withResolvers<Response>();
  r.room.onRequest = ({ pathname }) => (pathname === '/chat-history' ? page.promise : undefined);
  r.client.open();
  await r.clock.advance(100);
  await r.client.refreshToken();
  await r.clock.advance(0);
  r.room.onRequest = () => undefined;
  page.resolve(Response.json({ code: 'unauthenticated', message: 'no' }, { status: 401 }));
  await r.clock.advance(1_000);
  expect(r.room.sockets).toHaveLength(1);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
});

test('a token that ends unannounced once in a while is no reason to be signed out', async () => {
  let nonce = 0;
  const r = await liveReader({ getToken: async () => token({ nonce: nonce++ }) });
  for (let hour = 0; hour < 5; hour++) {
    await r.clock.advance(60 * MINUTE);
    r.room.socket.push({ type: 'error', code: 'unauthenticated', message: 'expired' });
    r.room.socket.drop();
    await r.clock.advance(2_000);
  }
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
});

test('while a token cannot be fetched, reading goes on as a guest; the person and what they wrote come in when it can', async () => {
  let failing = false;
  let asked = 0;
  const r = await liveReader({
    person: () => personOf(token()),
    getToken: async () => {
      asked++;
      if (failing) throw new Error('issuer unreachable');
      return token({ exp: 2e9 });
    },
  });
  failing = true;
  asked = 0;
  r.room.socket.drop();
  r.client.post('hi');
  await r.clock.advance(3_000);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: false });
  expect(r.room.socket.protocols).toEqual(['shout-box.v1']);
  await r.clock.advance(10 * MINUTE);
  expect(asked).toBeLessThan(20);
  expect(r.client.snapshot.outgoing).toMatchObject([{ text: 'hi', state: 'sending' }]);
  const { length } = r.room.sockets;
  failing = false;
  await r.clock.advance(MINUTE);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
  expect(r.room.sockets).toHaveLength(length);
  expect(r.texts).toEqual(['hi']);
});

test('while a token cannot be fetched at first, history and new messages come as to a guest', async () => {
  const room = new FakeRoom();
  room.fill(2);
  const r = await liveReader({ getToken: () => Promise.reject(new Error('issuer unreachable')) }, room);
  expect(r.client.snapshot.connection).toBe('live');
  expect(r.shown).toEqual([2, 1]);
});

test('history does not wait for a token that does not come, where guests may read', async () => {
  const room = new FakeRoom();
  room.fill(2);
  let asked = 0;
  const getToken = () => {
    asked++;
    return new Promise<string>(() => {});
  };
  const r = await liveReader({ getToken }, room);
  expect(r.shown).toEqual([2, 1]);
  expect(r.client.snapshot.connection).toBe('connecting');
  await r.clock.advance(MINUTE);
  expect(r.client.snapshot.connection).toBe('live');
  await r.clock.advance(10 * MINUTE);
  expect(asked).toBeLessThan(12);
  expect(room.sockets).toHaveLength(1);
});

test('where guests may not read, a token that cannot be fetched is asked for again, ever less often', async () => {
  let asked = 0;
  let failing = true;
  const r = await liveReader(
    {
      getToken: async () => {
        asked++;
        if (failing) throw new Error('issuer unreachable');
        return token();
      },
    },
    closedRoom(),
  );
  await r.clock.advance(5 * MINUTE);
  expect(r.client.snapshot.connection).toBe('offline');
  expect(asked).toBeLessThan(30);
  failing = false;
  await r.clock.advance(MINUTE);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', signedIn: true });
});

test('a token that is refused over the open socket counts as refused', async () => {
  let jwt: string | undefined;
  const refused: unknown[] = [];
  const r = await liveReader({
    getToken: async (token) => {
      refused.push(token);
      return jwt;
    },
  });
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'authenticate') socket.push({ type: 'error', code: 'unauthenticated', message: 'no' });
    else r.room.answer(frame, socket);
  };
  jwt = token({ exp: 2e9 });
  await r.client.refreshToken();
  await r.clock.advance(2_000);
  expect(refused).toEqual([undefined, undefined, jwt]);
});

test('while the server cannot check a new token, the old one goes on being used', async () => {
  let nonce = 0;
  const r = await liveReader({ getToken: async () => token({ exp: 2e9, nonce }) });
  r.room.onFrame = (frame, socket) => {
    if (frame.action !== 'authenticate') r.room.answer(frame, socket);
    else socket.push({ type: 'error', code: 'unavailable', message: 'the issuer does not answer' });
  };
  nonce = 1;
  await r.client.refreshToken();
  r.client.post('hi');
  await r.clock.advance(35_000);
  expect(r.texts).toEqual(['hi']);
  expect(r.room.sockets).toHaveLength(1);
  expect(shown(r.room.socket)).toHaveLength(4);
});

test('a slow answer to an older question does not undo a sign-out', async () => {
  const slow = Promise.withResolvers<string | undefined>();
  const answers: (Promise<string | undefined> | undefined)[] = [Promise.resolve(token()), slow.promise, undefined];
  const r = await liveReader({ getToken: async () => answers.shift() });
  const renewal = r.client.refreshToken();
  await r.client.refreshToken();
  slow.resolve(token({ nonce: 1 }));
  await renewal;
  await r.clock.advance(1_000);
  expect(r.client.snapshot.signedIn).toBe(false);
  expect(r.room.socket.protocols).toEqual(['shout-box.v1']);
});
