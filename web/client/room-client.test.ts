import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';
import { RoomClient } from './room-client.ts';
import { VirtualClock } from './testing/clock.ts';
import { FakeRoom, token } from './testing/room.ts';

function listener(room = new FakeRoom(), clock = new VirtualClock()) {
  const client = new RoomClient({
    server: 'https://api.example/',
    getToken: async () => token(),
    fetch: room.fetch,
    WebSocket: room.WebSocket,
    timers: clock,
    now: clock.now,
    random: () => 0.5,
  });
  return { client, room, clock, texts: () => client.snapshot.feed.messages.map(({ text }) => text) };
}

test('without a way to speak it reads', async () => {
  const { client, room, clock, texts } = listener();
  client.open();
  await clock.advance(100);
  room.socket.push(room.frame(...room.fill(2)));
  await clock.advance(100);
  expect(client.snapshot.connection).toBe('live');
  expect(texts()).toHaveLength(2);
  client.close();
  expect(clock.pending).toBe(0);
});

test('what is posted before there is a way to speak goes out when there is, once and in order', async () => {
  const { client, clock, texts } = listener();
  client.open();
  client.post('first');
  await clock.advance(100);
  client.post('second');
  await clock.advance(5_000);
  expect(texts()).toEqual([]);
  client.speak(Outbox);
  client.speak(Outbox);
  client.post('third');
  await clock.advance(5_000);
  expect(texts()).toEqual(['third', 'second', 'first']);
  expect(client.snapshot.outgoing).toEqual([]);
});
