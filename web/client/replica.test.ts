import { expect, test } from 'vitest';
import type { SequencedEvent } from '../../src/domain/schema.generated.ts';
import { liveReader, reader } from './testing/reader.ts';
import { alice, FakeRoom } from './testing/room.ts';

function room(n: number): FakeRoom {
  const filled = new FakeRoom();
  filled.fill(n);
  return filled;
}

test('the first page is shown newest first, and what is pushed then is applied in order', async () => {
  const r = await liveReader({}, room(3));
  r.room.socket.push(r.room.frame(...r.room.fill(2)));
  await r.clock.advance(0);
  expect(r.shown).toEqual([5, 4, 3, 2, 1]);
  expect(r.applied).toEqual([4, 5]);
  expect(r.client.snapshot.position).toEqual({ epoch: 'epoch-1', last: 5 });
});

test('events that arrive before the first page are held, not lost and not shown twice', async () => {
  const r = reader({}, room(3));
  const page = Promise.withResolvers<Response>();
  const asOfNow = await r.room.fetch('https://api.example/chat-history');
  r.room.onRequest = ({ pathname }) => (pathname === '/chat-history' ? page.promise : undefined);
  r.client.open();
  await r.clock.advance(100);
  r.room.socket.push(r.room.frame(r.room.log[2]!, ...r.room.fill(1)));
  page.resolve(asOfNow);
  await r.clock.advance(0);
  expect(r.shown).toEqual([4, 3, 2, 1]);
  expect(r.applied).toEqual([4]);
});

test('however much is told before the first page is there, all of it is applied in order', async () => {
  const r = reader({}, room(3));
  const page = Promise.withResolvers<Response>();
  const asOfNow = await r.room.fetch('https://api.example/chat-history');
  r.room.onRequest = ({ pathname }) => (pathname === '/chat-history' ? page.promise : undefined);
  r.client.open();
  await r.clock.advance(1_000);
  for (const event of r.room.fill(1_800)) r.room.socket.push(r.room.frame(event));
  page.resolve(asOfNow);
  await r.clock.advance(5_000);
  expect(r.applied).toEqual(Array.from({ length: 1_800 }, (_, i) => 4 + i));
  expect(r.client.snapshot.connection).toBe('live');
  expect(r.changes.some(({ reset }) => reset)).toBe(false);
});

test('a frame that comes twice is applied once', async () => {
  const r = await liveReader({}, room(1));
  const frame = r.room.frame(...r.room.fill(2));
  r.room.socket.push(frame);
  r.room.socket.push(frame);
  await r.clock.advance(0);
  expect(r.applied).toEqual([2, 3]);
});

test('frames out of order are put right without asking the server', async () => {
  const r = await liveReader({}, room(1));
  const [two, three] = r.room.fill(2);
  r.room.socket.push(r.room.frame(three!));
  await r.clock.advance(100);
  expect(r.applied).toEqual([]);
  r.room.socket.push(r.room.frame(two!));
  await r.clock.advance(1_000);
  expect(r.applied).toEqual([2, 3]);
  expect(r.room.requestsTo('events')).toHaveLength(0);
  expect(r.states.at(-1)).toBe('live');
});

test('a gap that stays is filled from the server, page by page', async () => {
  const r = await liveReader({}, room(1));
  const missed = r.room.fill(250);
  r.room.socket.push(r.room.frame(missed.at(-1)!));
  await r.clock.advance(1_000);
  expect(r.applied).toEqual(missed.map(({ seq }) => seq));
  expect(r.room.requestsTo('events').map(({ searchParams }) => searchParams.get('after'))).toEqual(['1', '101', '201']);
  expect(r.client.snapshot.connection).toBe('live');
});

test('the last message before silence, lost, is healed by the next ping', async () => {
  const r = await liveReader({}, room(1));
  await r.clock.advance(10_000);
  r.room.fill(1);
  await r.clock.advance(60_000);
  expect(r.applied).toEqual([]);
  await r.clock.advance(4 * 60_000);
  expect(r.applied).toEqual([2]);
});

test('a message that passed by a connection too young to be listed is healed within seconds', async () => {
  const r = await liveReader({}, room(1));
  r.room.fill(1);
  await r.clock.advance(6_000);
  expect(r.applied).toEqual([2]);
});

test('while the index lags behind the head, asking goes on, ever more slowly, until it is there', async () => {
  const r = await liveReader({}, room(1));
  const [two] = r.room.fill(1);
  r.room.onRequest = (url) =>
    url.pathname === '/events' ? Response.json({ epoch: 'epoch-1', head: 2, events: [] }) : undefined;
  r.client.wake();
  await r.clock.advance(3_000);
  expect(r.client.snapshot.connection).toBe('catching-up');
  expect(r.room.requestsTo('events').length).toBeGreaterThan(2);
  expect(r.room.requestsTo('events').length).toBeLessThan(6);
  r.room.onRequest = () => undefined;
  await r.clock.advance(5_000);
  expect(r.applied).toEqual([two!.seq]);
  expect(r.client.snapshot.connection).toBe('live');
});

test('a hole that never closes ends in a reload that is told, not in waiting for ever', async () => {
  const r = await liveReader({}, room(3));
  r.room.fill(2);
  r.room.onRequest = (url) =>
    url.pathname === '/events' ? Response.json({ epoch: 'epoch-1', head: 5, events: [] }) : undefined;
  r.client.wake();
  await r.clock.advance(120_000);
  expect(r.changes.filter(({ reset }) => reset)).toHaveLength(1);
  expect(r.shown).toEqual([5, 4, 3, 2, 1]);
});

/** Returns the placeholder that `GET /events` returns in place of an event that is gone. */
const vacant = (seq: number) => ({
  ...{ seq, id: `vacant:${seq}`, type: 'NumberVacant', at: 0, actor: { id: '-'.repeat(22), name: 'nobody' }, data: {} },
});

test('a number whose event is gone is counted and shows nothing, and the reader goes on', async () => {
  const r = await liveReader({}, room(2));
  const [, four] = r.room.fill(2);
  r.room.log[2] = vacant(3) as SequencedEvent;
  r.room.socket.push(r.room.frame(four!));
  await r.clock.advance(1_000);
  expect(r.applied).toEqual([3, 4]);
  expect(r.shown).toEqual([4, 2, 1]);
  expect(r.client.snapshot.position.last).toBe(4);
});

test('an event that turns up after its number was answered as vacant is shown in its place', async () => {
  const r = await liveReader({}, room(2));
  const [three, four] = r.room.fill(2);
  r.room.log[2] = vacant(3) as SequencedEvent;
  r.room.socket.push(r.room.frame(four!));
  await r.clock.advance(1_000);
  r.room.log[2] = three!;
  await r.clock.advance(120_000);
  expect(r.shown).toEqual([4, 3, 2, 1]);
  expect(r.applied).toEqual([3, 4]);
  expect(r.client.snapshot.position.last).toBe(4);
});

test('sixty events here and there that turn up late are shown too', async () => {
  const r = await liveReader({}, room(2));
  const events = r.room.fill(120);
  const late = events.filter(({ seq }) => seq % 2 === 1);
  for (const { seq } of late) r.room.log[seq - 1] = vacant(seq) as SequencedEvent;
  r.room.socket.push(r.room.frame(events.at(-1)!));
  await r.clock.advance(1_000);
  expect(r.shown).toHaveLength(62);
  for (const event of late) r.room.log[event.seq - 1] = event;
  await r.clock.advance(120_000);
  expect(r.shown).toHaveLength(122);
});

test('vacant numbers are asked for once more, and then no more', async () => {
  const r = await liveReader({}, room(2));
  const events = r.room.fill(6);
  for (const seq of [3, 4, 6]) r.room.log[seq - 1] = vacant(seq) as SequencedEvent;
  r.room.socket.push(r.room.frame(events.at(-1)!));
  await r.clock.advance(1_000);
  const before = r.room.requests.length;
  await r.clock.advance(600_000);
  const asked = r.room.requests.slice(before).filter(({ pathname }) => pathname === '/events');
  expect(asked.map(({ searchParams }) => searchParams.get('after'))).toEqual(['2']);
});

test('too far behind, it says so and starts again from the newest page', async () => {
  const r = await liveReader({}, room(1));
  r.room.fill(5_000);
  r.client.wake();
  await r.clock.advance(2_000);
  expect(r.changes.filter(({ reset }) => reset)).toHaveLength(1);
  expect(r.shown[0]).toBe(5_001);
  expect(r.shown).toHaveLength(50);
  expect(r.room.requestsTo('events')).toHaveLength(0);
});

test('another epoch drops the feed, says so, and loads it from the start', async () => {
  const r = await liveReader({}, room(7));
  r.room.restart('epoch-2');
  r.room.socket.push(r.room.frame(...r.room.fill(1)));
  await r.clock.advance(0);
  expect(r.changes.at(-1)).toMatchObject({ reset: true, arrived: [] });
  expect(r.shown).toEqual([]);
  r.room.fill(1);
  await r.clock.advance(1_000);
  expect(r.shown).toEqual([2, 1]);
  expect(r.client.snapshot.position).toEqual({ epoch: 'epoch-2', last: 2 });
  expect(r.client.snapshot.connection).toBe('live');
});

test('an epoch that changed while nobody looked is noticed by the ping', async () => {
  const r = await liveReader({}, room(7));
  r.room.restart('epoch-2');
  r.room.fill(2);
  r.client.wake();
  await r.clock.advance(1_000);
  expect(r.changes.some(({ reset }) => reset)).toBe(true);
  expect(r.shown).toEqual([2, 1]);
});

test('a late frame of the old epoch does not bring the old room back', async () => {
  const r = await liveReader({}, room(7));
  const stale = r.room.frame(...r.room.fill(1));
  r.room.restart('epoch-2');
  r.room.fill(2);
  r.client.wake();
  await r.clock.advance(1_000);
  r.room.socket.push(stale);
  await r.clock.advance(1_000);
  expect(r.shown).toEqual([2, 1]);
  expect(r.client.snapshot.position).toEqual({ epoch: 'epoch-2', last: 2 });
});

test('an answer asked for before a reset is not applied after it', async () => {
  const r = await liveReader({}, room(7));
  const answer = Promise.withResolvers<Response>();
  r.room.onRequest = ({ pathname }) => (pathname === '/events' ? answer.promise : undefined);
  const old = r.room.fill(3);
  r.room.socket.push(r.room.frame(old[2]!));
  await r.clock.advance(500);
  r.room.restart('epoch-2');
  r.room.fill(2);
  r.room.socket.push(r.room.frame(...r.room.log));
  answer.resolve(Response.json({ epoch: 'epoch-1', head: 10, events: old }));
  await r.clock.advance(5_000);
  expect(r.shown).toEqual([2, 1]);
  expect(r.client.snapshot).toMatchObject({ connection: 'live', position: { epoch: 'epoch-2', last: 2 } });
  expect(r.room.requestsTo('events')).toHaveLength(1);
});

test('an older page of another epoch is a reset, not more history', async () => {
  const r = await liveReader({ pageSize: 20 }, room(50));
  r.room.restart('epoch-2');
  r.room.fill(30);
  await r.client.loadOlder();
  expect(r.shown).toEqual([]);
  await r.clock.advance(1_000);
  expect(r.shown).toEqual(Array.from({ length: 20 }, (_, i) => 30 - i));
  expect(r.client.snapshot.hasOlder).toBe(true);
});

test('an empty room adopts its first epoch without a reset', async () => {
  const r = await liveReader();
  r.room.socket.push(r.room.frame(...r.room.fill(1)));
  await r.clock.advance(0);
  expect(r.applied).toEqual([1]);
  expect(r.changes.some(({ reset }) => reset)).toBe(false);
});

test('older pages are added at the end until there are none', async () => {
  const r = await liveReader({ pageSize: 20 }, room(50));
  expect(r.shown).toHaveLength(20);
  expect(r.client.snapshot.hasOlder).toBe(true);
  const loading = Promise.all([r.client.loadOlder(), r.client.loadOlder()]);
  expect(r.client.snapshot.loadingOlder).toBe(true);
  await loading;
  expect(r.shown).toEqual(Array.from({ length: 40 }, (_, i) => 50 - i));
  await r.client.loadOlder();
  expect(r.shown).toHaveLength(50);
  expect(r.client.snapshot).toMatchObject({ hasOlder: false, loadingOlder: false });
  await r.client.loadOlder();
  expect(r.room.requestsTo('chat-history')).toHaveLength(3);
});

/** Makes `GET /chat-history` answer with `n` pages without a message, and then with a page that has one. */
function bury(r: ReturnType<typeof reader>, n: number): void {
  r.room.onRequest = (url) => {
    if (url.pathname !== '/chat-history') return undefined;
    const before = Number(url.searchParams.get('before') ?? 1_000);
    const buried = before > 1_000 - n;
    const messages = buried ? [] : [{ seq: 1, id: 'alice:1', at: 1, actor: alice, text: 'found' }];
    return Response.json({ epoch: 'epoch-1', head: 3, messages, nextBefore: buried ? before - 1 : null });
  };
}

test('a first page without a message but with more behind it is read on from, until there is a message', async () => {
  const r = reader({}, room(3));
  bury(r, 4);
  r.client.open();
  await r.clock.advance(100);
  expect(r.texts).toEqual(['found']);
  expect(r.client.snapshot).toMatchObject({ hasOlder: false, loadingOlder: false });
  for (const { snapshot } of r.changes) {
    if (snapshot.connection === 'live' && snapshot.feed.messages.length === 0) {
      expect(snapshot).toMatchObject({ hasOlder: true, loadingOlder: true });
    }
  }
});

test('of pages without a message only so many are read at a time, and the next request goes on there', async () => {
  const r = reader({}, room(3));
  bury(r, 30);
  r.client.open();
  await r.clock.advance(100);
  expect(r.room.requestsTo('chat-history')).toHaveLength(21);
  expect(r.client.snapshot).toMatchObject({ hasOlder: true, loadingOlder: false });
  await r.client.loadOlder();
  expect(r.texts).toEqual(['found']);
  expect(r.room.requestsTo('chat-history')).toHaveLength(31);
});

test('history that does not get on is not asked again and again', async () => {
  const r = reader({}, room(3));
  r.room.onRequest = ({ pathname }) =>
    pathname === '/chat-history'
      ? Response.json({ epoch: 'epoch-1', head: 3, messages: [], nextBefore: 3 })
      : undefined;
  r.client.open();
  await r.clock.advance(100);
  expect(r.room.requestsTo('chat-history')).toHaveLength(2);
  expect(r.client.snapshot).toMatchObject({ hasOlder: true, loadingOlder: false });
});

test('an older page that cannot be had may be asked for again', async () => {
  const r = await liveReader({ pageSize: 20 }, room(50));
  r.room.onRequest = () => Response.json({ code: 'unavailable', message: 'no' }, { status: 503 });
  await r.client.loadOlder();
  expect(r.client.snapshot).toMatchObject({ hasOlder: true, loadingOlder: false });
  r.room.onRequest = () => undefined;
  await r.client.loadOlder();
  expect(r.shown).toHaveLength(40);
});

test('a page that makes no sense is counted, ignored and asked for again', async () => {
  const r = reader({}, room(3));
  r.room.onRequest = (url) => (url.pathname === '/chat-history' ? new Response('<html>') : undefined);
  r.client.open();
  await r.clock.advance(600);
  expect(r.client.malformed).toBeGreaterThan(0);
  expect(r.client.snapshot.connection).toBe('offline');
  r.room.onRequest = () => undefined;
  await r.clock.advance(5_000);
  expect(r.shown).toEqual([3, 2, 1]);
  expect(r.client.snapshot.connection).toBe('live');
});

test('a server that says when to come back is not asked earlier', async () => {
  const r = reader({}, room(3));
  r.room.onRequest = (url) =>
    url.pathname === '/chat-history'
      ? Response.json({ code: 'rate_limited', message: 'slow', retryAfterMs: 7_000 }, { status: 429 })
      : undefined;
  r.client.open();
  await r.clock.advance(6_900);
  expect(r.room.requestsTo('chat-history')).toHaveLength(1);
  await r.clock.advance(200);
  expect(r.room.requestsTo('chat-history')).toHaveLength(2);
});

test('a frame of another room is not for us', async () => {
  const r = await liveReader({}, room(1));
  r.room.socket.push({ ...r.room.frame(...r.room.fill(1)), room: 'kitchen' });
  await r.clock.advance(0);
  expect(r.applied).toEqual([]);
});

test('the rules of the room come with its newest page, and change with its events', async () => {
  const r = reader();
  r.room.append('hi');
  r.room.onRequest = ({ pathname }) =>
    pathname === '/chat-history'
      ? Response.json({ epoch: r.room.epoch, head: 1, messages: [], nextBefore: null, rules: { at: 1, slow: 10 } })
      : undefined;
  r.client.open();
  await r.clock.advance(100);
  expect(r.client.snapshot.feed.rules).toEqual({ at: 1, slow: 10 });
  const { actor } = r.room.log[0]!;
  const event = { seq: 2, id: `${actor.id}:r`, at: 2, actor, type: 'RoomChanged', data: { locked: true } } as const;
  r.room.log.push(event);
  r.room.socket.push(r.room.frame(event));
  await r.clock.advance(0);
  expect(r.client.snapshot.feed.rules).toEqual({ at: 2, slow: 10, locked: true });
});
