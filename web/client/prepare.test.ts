import { expect, test, vi } from 'vitest';
import { Sender } from './sender.ts';
import { reader } from './testing/reader.ts';

test('to read, a client does not need the code that sends', async () => {
  const r = reader();
  r.client.open();
  await r.clock.advance(100);
  r.room.socket.push(r.room.frame(...r.room.fill(2)));
  await r.clock.advance(100);
  expect(r.client.snapshot.connection).toBe('live');
  expect(r.texts).toHaveLength(2);
  r.client.close();
  expect(r.clock.pending).toBe(0);
});

test('what is posted before the outbox is loaded shows at once, and goes out once and in order', async () => {
  const r = reader();
  r.client.open();
  r.client.post('first');
  r.client.post('second');
  expect(r.client.snapshot.outgoing).toMatchObject([
    { text: 'first', state: 'sending' },
    { text: 'second', state: 'sending' },
  ]);
  await r.clock.advance(100);
  await r.client.prepare();
  await r.client.prepare();
  r.client.post('third');
  await r.clock.advance(5_000);
  expect(r.texts).toEqual(['third', 'second', 'first']);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('where the outbox cannot be loaded a message has failed and a deletion is refused, and both can be tried again', async () => {
  const r = reader();
  r.client.open();
  await r.clock.advance(100);
  const prepare = vi.spyOn(Sender.prototype, 'prepare').mockRejectedValue(new TypeError('Failed to fetch'));
  const id = r.client.post('hi');
  r.client.send({ action: 'deleteMessage', target: 'somebody:m1' });
  await r.clock.advance(100);
  expect(r.client.snapshot.outgoing).toMatchObject([
    { state: 'failed', error: { code: 'unavailable', message: 'The code that sends could not be loaded.' } },
  ]);
  expect(r.changes.filter(({ refused }) => refused)).toMatchObject([
    { refused: { command: { action: 'deleteMessage' }, error: { code: 'unavailable' } } },
  ]);
  prepare.mockRestore();
  await r.client.prepare();
  r.client.retry(id);
  await r.clock.advance(1_000);
  expect(r.texts).toEqual(['hi']);
  expect(r.room.socket.sent.map(({ action }) => action)).not.toContain('deleteMessage');
});

test('what is discarded before the outbox is loaded is never sent', async () => {
  const r = reader();
  r.client.open();
  r.client.discard(r.client.post('hi'));
  r.client.send({ action: 'deleteMessage', target: 'somebody:m1' });
  expect(r.client.snapshot.outgoing.map(({ text }) => text)).toEqual(['hi']);
  await r.client.prepare();
  await r.clock.advance(5_000);
  expect([r.texts, r.client.snapshot.outgoing]).toEqual([[], []]);
});
