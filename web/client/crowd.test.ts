import { describe, expect, it } from 'vitest';
import { liveReader } from './testing/reader.ts';
import { FakeRoom } from './testing/room.ts';

const MINUTE = 60_000;

/**
 * Opens a reader in a room with this many people. The reader's random numbers are all 0.5, so the waits are the
 * same in every run.
 */
async function readerAmong(people: number) {
  const room = new FakeRoom();
  room.people = people;
  room.fill(1);
  const r = await liveReader({}, room);
  // A new connection pings twice, the second time after 5 s. Waits until both are answered, so that tests see only
  // later pings.
  await r.clock.advance(20_000);
  return r;
}

function pings({ room }: { room: FakeRoom }): number {
  return room.sockets.flatMap(({ sent }) => sent).filter(({ action }) => action === 'ping').length;
}

describe('a lost last message', () => {
  it('is noticed at most 25 s after a frame that was received', async () => {
    for (const people of [1, 10_000]) {
      const r = await readerAmong(people);
      r.room.socket.push(r.room.frame(...r.room.fill(1)));
      r.room.fill(1);
      await r.clock.advance(25_500);
      expect(r.applied).toEqual([2, 3]);
    }
  });

  it('costs one ping a silence, and none while frames come', async () => {
    const r = await readerAmong(1);
    const before = pings(r);
    for (let i = 0; i < 10; i++) {
      r.room.socket.push(r.room.frame(...r.room.fill(1)));
      await r.clock.advance(20_000);
    }
    expect(pings(r)).toBe(before);
    await r.clock.advance(3 * MINUTE);
    expect(pings(r)).toBe(before + 1);
  });

  it('is noticed within one ping interval where nothing is received', async () => {
    const r = await readerAmong(1);
    r.room.fill(1);
    await r.clock.advance(4 * MINUTE);
    expect(r.applied).toEqual([2]);
  });
});

describe('a gap that everybody has', () => {
  it('is asked for in turn, and shown as catching up meanwhile', async () => {
    const r = await readerAmong(10_000);
    const [, third] = r.room.fill(2);
    r.room.socket.push(r.room.frame(third!));
    await r.clock.advance(7_000);
    expect(r.room.requestsTo('events')).toHaveLength(0);
    expect(r.client.snapshot.connection).toBe('catching-up');
    await r.clock.advance(1_000);
    expect(r.applied).toEqual([2, 3]);
    expect(r.client.snapshot.connection).toBe('live');
  });

  it('is not asked for where it closes before', async () => {
    const r = await readerAmong(10_000);
    const [second, third] = r.room.fill(2);
    r.room.socket.push(r.room.frame(third!));
    await r.clock.advance(1_000);
    r.room.socket.push(r.room.frame(second!));
    await r.clock.advance(0);
    expect(r.client.snapshot.connection).toBe('live');
    await r.clock.advance(20_000);
    expect(r.room.requestsTo('events')).toHaveLength(0);
  });

  it('is asked for in turn where a pong tells everybody', async () => {
    const r = await readerAmong(10_000);
    r.room.fill(1);
    r.room.socket.push({ type: 'pong', epoch: r.room.epoch, head: r.room.head });
    await r.clock.advance(7_000);
    expect(r.room.requestsTo('events')).toHaveLength(0);
    await r.clock.advance(1_000);
    expect(r.applied).toEqual([2]);
  });

  it('is asked for at once where this client’s own ping told it', async () => {
    const r = await readerAmong(10_000);
    r.room.fill(1);
    r.client.wake();
    await r.clock.advance(500);
    expect(r.applied).toEqual([2]);
  });

  it('is asked for in turn again where the server fails', async () => {
    const r = await readerAmong(10_000);
    r.room.onRequest = () => Response.json({ code: 'unavailable', message: '' }, { status: 503 });
    r.room.fill(2);
    r.room.socket.push(r.room.frame(r.room.log.at(-1)!));
    await r.clock.advance(60_000);
    expect(r.room.requestsTo('events').length).toBeLessThan(8);
  });
});

describe('a connection that everybody lost', () => {
  it('is made again in turn', async () => {
    const r = await readerAmong(10_000);
    r.room.socket.drop();
    await r.clock.advance(12_000);
    expect(r.room.sockets).toHaveLength(1);
    await r.clock.advance(1_000);
    expect(r.client.snapshot.connection).toBe('live');
  });

  it('is tried again every turn, also where the server ends all attempts at one moment', async () => {
    const r = await readerAmong(10_000);
    r.room.onConnect = () => {};
    r.room.socket.drop();
    await r.clock.advance(17_500);
    r.room.socket.drop();
    r.room.onConnect = (socket) => socket.accept();
    await r.clock.advance(19_900);
    expect(r.room.sockets).toHaveLength(2);
    await r.clock.advance(200);
    expect(r.client.snapshot.connection).toBe('live');
  });

  it.each([1, 1_000])('is back within 3 s of the server in a room of %d, however long it was away', async (people) => {
    const r = await readerAmong(people);
    r.room.onConnect = (socket) => socket.drop();
    r.room.socket.drop();
    await r.clock.advance(10 * MINUTE);
    r.room.onConnect = (socket) => socket.accept();
    await r.clock.advance(3_000);
    expect(r.client.snapshot.connection).toBe('live');
  });
});
