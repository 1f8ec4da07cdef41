import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';
import { RoomClient } from './room-client.ts';
import { reader } from './testing/reader.ts';

const listener = () => reader({}, undefined, undefined, RoomClient);

test('without a way to speak it reads', async () => {
  const r = listener();
  r.client.open();
  await r.clock.advance(100);
  r.room.socket.push(r.room.frame(...r.room.fill(2)));
  await r.clock.advance(100);
  expect(r.client.snapshot.connection).toBe('live');
  expect(r.texts).toHaveLength(2);
  r.client.close();
  expect(r.clock.pending).toBe(0);
});

test('what is posted before there is a way to speak goes out when there is, once and in order', async () => {
  const r = listener();
  r.client.open();
  r.client.post('first');
  await r.clock.advance(100);
  r.client.post('second');
  await r.clock.advance(5_000);
  expect(r.texts).toEqual([]);
  r.client.speak(Outbox);
  r.client.speak(Outbox);
  r.client.post('third');
  await r.clock.advance(5_000);
  expect(r.texts).toEqual(['third', 'second', 'first']);
  expect(r.client.snapshot.outgoing).toEqual([]);
});
