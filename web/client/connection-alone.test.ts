import { describe, expect, it } from 'vitest';
import { Connection, type Target } from './connection.ts';
import { settle, VirtualClock } from './testing/clock.ts';
import { FakeRoom } from './testing/room.ts';

const TARGET: Target = { url: 'wss://ws.example/', protocols: ['shout-box.v1'], token: 'token' };

/** Creates a connection whose server a test controls, and a record of the calls to its hooks. */
function connection({ random = 0 } = {}) {
  const clock = new VirtualClock();
  const room = new FakeRoom();
  room.onConnect = room.onFrame = () => {};
  const told: unknown[] = [];
  const dialled: number[] = [];
  const start = clock.now();
  const server: { dial: () => Promise<Target | undefined> } = { dial: async () => TARGET };
  const one = new Connection({
    dial: () => {
      dialled.push(clock.now() - start);
      return server.dial();
    },
    opened: () => told.push('opened'),
    down: () => told.push('down'),
    stable: () => told.push('stable'),
    received: ({ type }) => told.push(type),
    pong: ({ head }, asked) => told.push(['pong', head, asked]),
    malformed: () => told.push('malformed'),
    WebSocket: room.WebSocket,
    timers: clock,
    random: () => random,
    now: clock.now,
    heartbeatMs: 240_000,
  });
  const pong = (people?: number) => room.socket.push({ type: 'pong', epoch: 'e', head: 7, people });
  const pings = () => room.sockets.flatMap(({ sent }) => sent).filter(({ action }) => action === 'ping').length;
  return { one, clock, room, told, dialled, server, pong, pings };
}

/** Creates a connection, opens it, and answers its first two pings. */
async function opened(people?: number, options?: Parameters<typeof connection>[0]) {
  const r = connection(options);
  void r.one.open();
  await settle();
  r.room.socket.accept();
  r.pong(people);
  await r.clock.advance(5_000);
  r.pong(people);
  r.told.length = 0;
  return r;
}

describe('a connection that is not open', () => {
  it('is closed at first, sends nothing and has no timer', async () => {
    const { one, clock, dialled } = connection();
    expect([one.link, one.openLink]).toEqual([{ status: 'closed' }, undefined]);
    one.ping();
    one.wake();
    expect(one.send({ action: 'ping' })).toBe(false);
    await settle();
    expect([clock.pending, dialled]).toEqual([0, []]);
  });

  it('dials, says so, and does not dial twice because of waking up', async () => {
    const { one, dialled, told } = connection();
    void one.open();
    expect([one.link, one.openLink, one.failing]).toEqual([{ status: 'dialling', failing: false }, undefined, false]);
    one.wake();
    await settle();
    expect([dialled, told]).toEqual([[0], ['down']]);
  });

  it('opens no socket after its end, whether it had an address by then or none', async () => {
    const { one, server, room, clock } = connection();
    for (const settles of ['resolve', 'reject'] as const) {
      const late = Promise.withResolvers<Target>();
      server.dial = () => late.promise;
      void one.open();
      one.close();
      late[settles](TARGET);
      await settle();
      expect([one.link, room.sockets, clock.pending]).toEqual([{ status: 'closed' }, [], 0]);
    }
  });

  it('stays closed where nobody may connect', async () => {
    const { one, server, room, clock } = connection();
    server.dial = async () => undefined;
    await one.open();
    expect([one.link, room.sockets, clock.pending]).toEqual([{ status: 'closed' }, [], 0]);
  });

  it('hears nothing before its socket is open', async () => {
    const { one, room, told } = connection();
    void one.open();
    await settle();
    told.length = 0;
    room.socket.push({ type: 'ack', clientMessageId: 'c1', id: 'x' });
    expect(told).toEqual([]);
  });

  it('rests until it is opened, and is told to be down', async () => {
    const { one, room, told, clock } = await opened();
    one.rest();
    expect([one.link, told, room.socket.closed, clock.pending]).toEqual([{ status: 'resting' }, ['down'], true, 0]);
    expect(one.send({ action: 'ping' })).toBe(false);
  });
});

describe('an open connection', () => {
  it('pings at once, and is stable after 20 s', async () => {
    const { one, room, told, clock, pong } = connection();
    void one.open();
    await settle();
    room.socket.accept();
    expect(one.openLink).toEqual({
      ...{ status: 'open', token: 'token', offered: undefined, progress: 'opened', networkLost: false, heard: false },
    });
    expect(room.socket.sent).toEqual([{ action: 'ping' }]);
    pong();
    await clock.advance(5_000);
    pong();
    await clock.advance(14_999);
    expect(told).toEqual(['down', 'opened', ['pong', 7, true], ['pong', 7, true]]);
    await clock.advance(1);
    expect(told.at(-1)).toBe('stable');
  });

  it('tells a pong that it asked for from one that everybody is sent, and steps back for none', async () => {
    const { one, told, pong } = await opened();
    expect(one.openLink!.progress).toBe('head-known');
    one.openLink!.progress = 'complete';
    pong();
    one.ping();
    pong();
    expect(told).toEqual([
      ['pong', 7, false],
      ['pong', 7, true],
    ]);
    expect(one.openLink!.progress).toBe('complete');
  });

  it('hands frames on, counts what is none, and says whether it could send', async () => {
    const { one, told, room } = await opened();
    room.socket.push({ type: 'ack', clientMessageId: 'c1', id: 'x' });
    room.socket.push('nothing');
    expect(told).toEqual(['ack', 'malformed']);
    expect(one.send({ action: 'ping' })).toBe(true);
    room.socket.send = () => {
      throw new DOMException('no', 'InvalidStateError');
    };
    expect(one.send({ action: 'ping' })).toBe(false);
  });

  it('that hears something else than the pong asks for it again', async () => {
    const { one, room, clock, pings } = await opened();
    const before = pings();
    one.ping();
    room.socket.push({ type: 'ack', clientMessageId: 'c1', id: 'x' });
    await clock.advance(10_000);
    expect([pings(), room.sockets.length]).toEqual([before + 2, 1]);
    await clock.advance(10_000);
    expect([room.sockets.length, room.sockets[0]!.closed]).toEqual([2, true]);
  });

  it.each([
    [undefined, 0.5, 24_000],
    [100, 0.5, 23_900],
    [100, 1, 22_800],
    [100_000, 1, 5_000],
  ])(
    'among %s people, by chance %d, pings %i ms after the last events, and after nothing else',
    async (people, random, ms) => {
      const { room, clock, pings } = await opened(people, { random });
      const before = pings();
      room.socket.push({ type: 'ack', clientMessageId: 'c1', id: 'x' });
      await clock.advance(30_000);
      expect(pings()).toBe(before);
      room.socket.push(room.frame());
      await clock.advance(1_000);
      room.socket.push(room.frame());
      await clock.advance(ms - 1);
      expect(pings()).toBe(before);
      await clock.advance(1);
      expect(pings()).toBe(before + 1);
    },
  );

  it('knows how many are here from the last frame that says it', async () => {
    const { one, room, pong } = await opened(100);
    room.socket.push(room.frame());
    expect(one.people).toBe(100);
    room.people = 50;
    room.socket.push(room.frame());
    expect(one.people).toBe(50);
    pong();
    expect(one.people).toBe(50);
  });

  it('that is lost is dialled again in its turn, which an attempt that fails keeps', async () => {
    const { one, room, clock, dialled } = await opened(1_000, { random: 0.5 });
    room.socket.drop();
    expect(one.link).toEqual({ status: 'waiting', failing: false });
    await clock.advance(1_250);
    await clock.advance(300);
    room.socket.drop();
    expect(one.link).toEqual({ status: 'waiting', failing: true });
    await clock.advance(2_200);
    expect(dialled).toEqual([0, 6_250, 8_750]);
    room.socket.drop();
    one.wake();
    expect(dialled).toHaveLength(4);
  });
});
