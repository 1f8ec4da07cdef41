import { expect, test } from 'vitest';
import type { ClientFrame, ErrorCode } from '../../src/domain/schema.generated.ts';
import { liveReader, reader } from './testing/reader.ts';
import { alice, FakeRoom, type FakeSocket, me } from './testing/room.ts';

const sends = (sockets: readonly FakeSocket[]) =>
  sockets.flatMap(({ sent }) => sent).filter((frame) => frame.action === 'sendMessage');
const ids = (sockets: readonly FakeSocket[]) => sends(sockets).map(({ clientMessageId }) => clientMessageId);

test('a message shows at once as sending, becomes sent, and gives way to its event in the same change', async () => {
  const r = await liveReader();
  r.room.delivers = false;
  expect(r.client.post('hi')).toBe('c1');
  expect(r.client.snapshot.outgoing).toEqual([
    { clientMessageId: 'c1', text: 'hi', at: r.clock.now(), state: 'sending' },
  ]);
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toMatchObject([{ clientMessageId: 'c1', state: 'sent' }]);
  r.room.socket.push(r.room.frame(r.room.log[0]!));
  await r.clock.advance(0);
  expect(r.texts).toEqual(['hi']);
  for (const { snapshot } of r.changes.slice(r.changes.findIndex(({ snapshot }) => snapshot.outgoing.length > 0))) {
    const shown = snapshot.outgoing.length + snapshot.feed.messages.length;
    expect(shown, 'never twice, never not at all').toBe(1);
  }
});

test('an event that overtakes its ack takes the entry with it, and the ack changes nothing', async () => {
  const r = await liveReader();
  r.room.onFrame = () => {};
  r.client.post('hi');
  await r.clock.advance(0);
  r.room.socket.push(r.room.frame(r.room.append('hi', me, 'c1')));
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toEqual([]);
  r.room.socket.push({ type: 'ack', clientMessageId: 'c1', id: `${me.id}:c1` });
  await r.clock.advance(20_000);
  expect(r.client.snapshot.outgoing).toEqual([]);
  expect(ids(r.room.sockets)).toEqual(['c1']);
});

test('another person who uses the same clientMessageId does not make a sent message vanish', async () => {
  const r = await liveReader();
  r.room.delivers = false;
  r.client.post('hi');
  await r.clock.advance(0);
  const mine = r.room.log[0]!;
  r.room.socket.push(r.room.frame({ ...mine, id: `${alice.id}:c1`, actor: alice }));
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toMatchObject([{ clientMessageId: 'c1', state: 'sent' }]);
});

test('an ack that comes twice is news once', async () => {
  const r = await liveReader();
  r.room.delivers = false;
  r.client.post('hi');
  await r.clock.advance(0);
  const { length } = r.changes;
  r.room.socket.push({ type: 'ack', clientMessageId: 'c1', id: `${me.id}:c1` });
  await r.clock.advance(0);
  expect(r.changes).toHaveLength(length);
});

test('messages go one at a time, in the order they were written', async () => {
  const r = await liveReader();
  r.room.onFrame = () => {};
  for (const text of ['one', 'two', 'three']) r.client.post(text);
  await r.clock.advance(0);
  expect(ids(r.room.sockets)).toEqual(['c1']);
  r.room.socket.push({ type: 'ack', clientMessageId: 'c1', id: `${me.id}:c1` });
  await r.clock.advance(0);
  expect(ids(r.room.sockets)).toEqual(['c1', 'c2']);
});

test('when the ack is lost the same message is sent again under the same id, and appears once', async () => {
  const r = await liveReader();
  await r.clock.advance(10_000);
  let lost = 0;
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'ping') socket.push({ type: 'pong', epoch: '', head: 0 });
    else if (frame.action === 'sendMessage' && lost++ === 0) r.room.append(frame.text, me, frame.clientMessageId);
    else r.room.answer(frame, socket);
  };
  r.client.post('hi');
  await r.clock.advance(12_000);
  r.room.socket.push(r.room.frame(...r.room.log));
  await r.clock.advance(0);
  expect(ids(r.room.sockets)).toEqual(['c1', 'c1']);
  expect(r.texts).toEqual(['hi']);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('a message in flight when the connection goes is sent again over the next one', async () => {
  const r = await liveReader();
  r.room.onFrame = (frame, socket) => frame.action !== 'sendMessage' && r.room.answer(frame, socket);
  r.client.post('hi');
  await r.clock.advance(0);
  r.room.onFrame = (frame, socket) => r.room.answer(frame, socket);
  r.room.socket.drop();
  expect(r.client.snapshot.outgoing).toMatchObject([{ state: 'sending' }]);
  await r.clock.advance(2_000);
  expect(ids(r.room.sockets)).toEqual(['c1', 'c1']);
  expect(r.texts).toEqual(['hi']);
});

test('what is written before the connection is there goes out when it is', async () => {
  const r = reader();
  r.client.post('early');
  r.client.open();
  await r.clock.advance(1_000);
  expect(r.texts).toEqual(['early']);
});

test('rate limiting is shown as the moment it ends, waits for it, and then goes on', async () => {
  const r = await liveReader();
  let refused = 0;
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'sendMessage' && refused++ === 0) {
      socket.push({ type: 'error', code: 'rate_limited', message: 'slow down', retryAfterMs: 4_000 });
    } else r.room.answer(frame, socket);
  };
  r.client.post('hi');
  await r.clock.advance(0);
  expect(r.client.snapshot.rateLimitedUntil).toBe(r.clock.now() + 4_000);
  expect(r.client.snapshot.outgoing).toMatchObject([
    { state: 'sending', error: { code: 'rate_limited', retryAfterMs: 4_000 } },
  ]);
  await r.clock.advance(3_900);
  r.client.post('and');
  expect(ids(r.room.sockets)).toEqual(['c1']);
  await r.clock.advance(200);
  expect(r.client.snapshot.rateLimitedUntil).toBeUndefined();
  expect(r.texts).toEqual(['and', 'hi']);
});

test.each<ErrorCode>(['invalid_message', 'too_large', 'forbidden', 'conflict'])(
  '%s fails that message for good and lets the next one go',
  async (code) => {
    const r = await liveReader();
    r.room.onFrame = (frame, socket) => {
      if (frame.action === 'sendMessage' && frame.text === 'bad') {
        socket.push({ type: 'error', code, message: 'no', clientMessageId: frame.clientMessageId });
      } else r.room.answer(frame, socket);
    };
    r.client.post('bad');
    r.client.post('good');
    await r.clock.advance(60_000);
    expect(r.client.snapshot.outgoing).toMatchObject([{ text: 'bad', state: 'failed', error: { code } }]);
    expect(r.texts).toEqual(['good']);
    expect(ids(r.room.sockets)).toEqual(['c1', 'c2']);
  },
);

test.each<[string, unknown]>([
  ['unavailable', { type: 'error', code: 'unavailable', message: 'later' }],
  ["the gateway's own error", { message: 'Internal server error', connectionId: 'x', requestId: 'y' }],
])('%s is tried again without waiting for a timeout', async (_, answer) => {
  const r = await liveReader();
  let refused = 0;
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'sendMessage' && refused++ < 2) socket.push(answer);
    else r.room.answer(frame, socket);
  };
  r.client.post('hi');
  await r.clock.advance(3_000);
  expect(ids(r.room.sockets)).toEqual(['c1', 'c1', 'c1']);
  expect(r.texts).toEqual(['hi']);
});

test('a server that never answers fails the message in the end; retry sends the same one', async () => {
  const r = await liveReader();
  r.room.onFrame = (frame, socket) => frame.action !== 'sendMessage' && r.room.answer(frame, socket);
  r.client.post('hi');
  await r.clock.advance(5 * 60_000);
  expect(r.client.snapshot.outgoing).toMatchObject([{ state: 'failed', error: { code: 'timeout' } }]);
  const tries = ids(r.room.sockets).length;
  expect(tries).toBeLessThan(10);
  r.room.onFrame = (frame, socket) => r.room.answer(frame, socket);
  r.client.retry('c1');
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toEqual([]);
  expect(ids(r.room.sockets)).toEqual(Array(tries + 1).fill('c1'));
});

test('a failed message that turns out to have arrived leaves no ghost behind', async () => {
  const r = await liveReader();
  r.room.onFrame = (frame, socket) => frame.action !== 'sendMessage' && r.room.answer(frame, socket);
  r.client.post('hi');
  await r.clock.advance(5 * 60_000);
  r.room.socket.push(r.room.frame(r.room.append('hi', me, 'c1')));
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('a discarded message is gone, and the next one takes its turn', async () => {
  const r = await liveReader();
  r.room.onFrame = (frame, socket) => (frame as { text?: string }).text !== 'a' && r.room.answer(frame, socket);
  r.client.post('a');
  r.client.post('b');
  await r.clock.advance(0);
  r.client.discard('c1');
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toEqual([]);
  expect(r.texts).toEqual(['b']);
});

test('an acked message whose event got lost is looked for soon, not at the next heartbeat', async () => {
  const r = await liveReader();
  await r.clock.advance(10_000);
  r.room.delivers = false;
  r.client.post('hi');
  await r.clock.advance(4_000);
  expect(r.texts).toEqual(['hi']);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('a sent message found in the page loaded after a reset is not shown a second time', async () => {
  const r = await liveReader();
  r.room.append('before');
  r.room.delivers = false;
  r.client.post('hi');
  await r.clock.advance(0);
  const log = r.room.log;
  r.room.restart('epoch-2');
  r.room.log = log;
  r.client.wake();
  await r.clock.advance(2_000);
  expect(r.texts).toEqual(['hi', 'before']);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('a sent message of long ago is not on show for ever when a reset skipped its event', async () => {
  const room = new FakeRoom();
  room.fill(1);
  const r = await liveReader({}, room);
  r.room.delivers = false;
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'ping') socket.push({ type: 'pong', epoch: r.room.epoch, head: 1 });
    else r.room.answer(frame, socket);
  };
  r.client.post('hi');
  await r.clock.advance(60_000);
  expect(r.client.snapshot.outgoing).toMatchObject([{ state: 'sent' }]);
  r.room.onFrame = (frame, socket) => r.room.answer(frame, socket);
  r.room.restart('epoch-2');
  r.room.fill(1);
  r.client.wake();
  await r.clock.advance(1_000);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('a message acked as deleted is never shown as sent, and is gone', async () => {
  const r = await liveReader();
  r.room.onFrame = (frame, socket) => {
    if (frame.action !== 'sendMessage') return;
    const { clientMessageId } = frame;
    socket.push({ type: 'ack', clientMessageId, id: `${me.id}:${clientMessageId}`, deleted: true });
  };
  r.client.post('hi');
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toEqual([]);
  const states = r.changes.flatMap(({ snapshot }) => snapshot.outgoing.map(({ state }) => state));
  expect(states).not.toContain('sent');
});

test('a deletion waits its turn, is not shown as a message, and is done with the ack', async () => {
  const r = await liveReader();
  r.client.post('hi');
  r.client.send({ action: 'deleteMessage', target: `${me.id}:c1` });
  await r.clock.advance(60_000);
  const deletions = r.room.socket.sent.filter(({ action }: ClientFrame) => action === 'deleteMessage');
  expect(deletions).toEqual([{ action: 'deleteMessage', target: `${me.id}:c1`, clientMessageId: 'c2' }]);
  expect(r.client.snapshot.outgoing).toEqual([]);
});

test('a refused deletion is told', async () => {
  const r = await liveReader();
  r.room.onFrame = (frame, socket) => {
    if (frame.action === 'deleteMessage') {
      const { clientMessageId } = frame;
      socket.push({ type: 'error', code: 'forbidden', message: 'not yours', clientMessageId });
    } else r.room.answer(frame, socket);
  };
  r.client.send({ action: 'deleteMessage', target: `${alice.id}:m1` });
  await r.clock.advance(0);
  expect(r.changes.filter(({ refused }) => refused)).toMatchObject([
    { refused: { command: { target: `${alice.id}:m1` }, error: { code: 'forbidden' } } },
  ]);
});

test('a message that a rule of the room refuses keeps the rule, and until when it holds', async () => {
  const r = await liveReader();
  r.room.onFrame = ({ action, ...frame }, socket) => {
    if (action !== 'sendMessage' || !('clientMessageId' in frame)) return;
    const { clientMessageId } = frame;
    socket.push({ type: 'error', code: 'forbidden', message: 'no', clientMessageId, rule: 'banned', until: 9_000 });
  };
  r.client.post('hi');
  await r.clock.advance(0);
  expect(r.client.snapshot.outgoing).toMatchObject([
    { state: 'failed', error: { code: 'forbidden', message: 'no', rule: 'banned', until: 9_000 } },
  ]);
});
