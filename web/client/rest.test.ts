import { describe, expect, it } from 'vitest';
import { liveReader } from './testing/reader.ts';
import { FakeRoom, token } from './testing/room.ts';

const MINUTE = 60_000;

async function readerInTab() {
  const tab = { watched: true };
  // The token expires after 15 minutes. In some tests, the tab has no connection then.
  const exp = 1_800_000_000 + 15 * 60;
  const r = await liveReader({ watched: () => tab.watched, getToken: async () => token({ exp }) });
  const look = (watched: boolean) => {
    tab.watched = watched;
    if (watched) r.client.use();
    r.client.wake();
  };
  return Object.assign(r, { hide: () => look(false), show: () => look(true) });
}

const framesIn = (room: FakeRoom) => room.sockets.flatMap(({ sent }) => sent).length;

describe('a tab that nobody looks at', () => {
  it('disconnects after five minutes, and asks nothing from then on', async () => {
    const r = await readerInTab();
    r.hide();
    await r.clock.advance(4.9 * MINUTE);
    expect(r.client.snapshot.connection).toBe('live');
    await r.clock.advance(0.1 * MINUTE);
    expect(r.client.snapshot.connection).toBe('resting');
    expect(r.room.socket.closed).toBe(true);
    const [frames, requests] = [framesIn(r.room), r.room.requests.length];
    await r.clock.advance(60 * MINUTE);
    r.client.wake();
    await r.clock.advance(1_000);
    expect([framesIn(r.room), r.room.requests.length, r.room.sockets.length]).toEqual([frames, requests, 1]);
  });

  it('comes back without a gap', async () => {
    const r = await readerInTab();
    r.hide();
    await r.clock.advance(10 * MINUTE);
    r.room.fill(150);
    r.show();
    await r.clock.advance(1_000);
    expect(r.client.snapshot.connection).toBe('live');
    expect(r.client.snapshot.position.last).toBe(150);
    expect(r.changes.some(({ reset }) => reset)).toBe(false);
  });

  it('stays connected where somebody comes back in time', async () => {
    const r = await readerInTab();
    r.hide();
    await r.clock.advance(4 * MINUTE);
    r.show();
    r.hide();
    await r.clock.advance(4 * MINUTE);
    expect(r.client.snapshot.connection).toBe('live');
  });

  it('sends first what it has to send', async () => {
    const r = await readerInTab();
    const { answer } = r.room;
    r.room.onFrame = (frame, socket) =>
      frame.action === 'ping'
        ? answer.call(r.room, frame, socket)
        : socket.push({ type: 'error', code: 'rate_limited', message: '', retryAfterMs: 6 * MINUTE });
    r.client.send({ action: 'deleteMessage', target: 'somebody:m1' });
    r.hide();
    await r.clock.advance(5 * MINUTE);
    expect(r.client.snapshot.connection).not.toBe('resting');
    r.room.onFrame = (frame, socket) => answer.call(r.room, frame, socket);
    await r.clock.advance(6 * MINUTE);
    expect(r.client.snapshot.connection).toBe('resting');
  });

  it('gives up a server that is away', async () => {
    const r = await readerInTab();
    r.room.onConnect = (socket) => socket.drop();
    r.room.socket.drop();
    r.hide();
    await r.clock.advance(5 * MINUTE);
    const dials = r.room.sockets.length;
    await r.clock.advance(60 * MINUTE);
    expect(r.room.sockets).toHaveLength(dials);
  });

  it('connects where the page sends something, and disconnects again', async () => {
    const r = await readerInTab();
    r.hide();
    await r.clock.advance(5 * MINUTE);
    r.client.post('hi');
    await r.clock.advance(1_000);
    expect(r.texts).toEqual(['hi']);
    await r.clock.advance(5 * MINUTE);
    expect(r.client.snapshot.connection).toBe('resting');
  });

  it('still says that a sign-in is wanted where one is', async () => {
    const room = new FakeRoom();
    room.config = { ...room.config, guests: false };
    const r = await liveReader({ watched: () => false, getToken: async () => undefined }, room);
    await r.clock.advance(6 * MINUTE);
    expect(r.client.snapshot.connection).toBe('signed-out');
  });
});

describe('a connection that another of the same person replaced', () => {
  it('does not come back until its page is used', async () => {
    const r = await readerInTab();
    r.room.socket.push({ type: 'error', code: 'replaced', message: 'You opened another.' });
    r.room.socket.drop();
    expect(r.client.snapshot.connection).toBe('resting');
    r.client.wake();
    await r.clock.advance(30 * MINUTE);
    expect(r.room.sockets).toHaveLength(1);
    r.client.use();
    await r.clock.advance(1_000);
    expect(r.client.snapshot.connection).toBe('live');
  });
});

it('knows how many are here, as the server last told', async () => {
  const room = new FakeRoom();
  const r = await liveReader({}, room);
  expect(r.client.snapshot.people).toBeUndefined();
  room.people = 12;
  room.socket.push(room.frame(...room.fill(1)));
  expect(r.client.snapshot.people).toBe(12);
  room.people = 13;
  r.client.wake();
  await r.clock.advance(100);
  expect(r.client.snapshot.people).toBe(13);
});
