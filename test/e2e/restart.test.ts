import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SequencedEvent } from '../../src/domain/schema.generated.ts';
import { ShoutClient } from '../../web/client/shout-client.ts';
import { TestSocket } from '../socket.ts';
import { type Stack, startStack } from '../stack.ts';

/** Sent and not acked yet, at any time. */
const IN_FLIGHT = 20;
/** The stack is stopped at this ack. */
const STOP_AT = 40;

let stack: Stack & AsyncDisposable;
beforeAll(async () => {
  stack = await startStack({ env: { RATE_BURST: '100000', RATE_PER_SECOND: '100000' } });
});
afterAll(() => stack?.[Symbol.asyncDispose]());

it.each([
  ['ctrl-c', () => stack.restart()],
  ['kill-9', () => stack.kill9().then(() => stack.start())],
])('messages in flight at %s: none that was acked is lost, none comes twice', async (room, stopAndStart) => {
  const token = await stack.token('me');
  const reader = read(room, token);
  await reader.live;

  const talker = await talk(room, token);
  await talker.acked(STOP_AT);
  const closed = talker.socket.closed();
  await stopAndStart();
  await closed;

  // What was acked is not sent again: were it lost, the reader would wait for it in vain.
  const unsure = talker.sent.filter((id) => !talker.acks.has(id));
  expect(unsure.length).toBeGreaterThan(0);
  const repeater = await TestSocket.open(`${stack.ws}?room=${room}`, { token });
  for (const clientMessageId of unsure) repeater.send({ action: 'sendMessage', text: 'again', clientMessageId });
  const events = await reader.read(talker.sent.length);
  repeater.close();
  reader.close();

  expect(events.map(({ seq }) => seq)).toEqual(talker.sent.map((_, n) => n + 1));
  expect(events.map(({ id }) => id.split(':')[1]).toSorted()).toEqual(talker.sent.toSorted());
});

/** Someone who never stops: says the next thing at every ack. */
async function talk(room: string, token: string) {
  const socket = await TestSocket.open(`${stack.ws}?room=${room}`, { token });
  const sent: string[] = [];
  const acks = new Set<string>();
  const say = () => {
    const clientMessageId = `${room}-${sent.length}`;
    sent.push(clientMessageId);
    socket.send({ action: 'sendMessage', text: 'again', clientMessageId });
  };
  socket.onFrame((frame) => {
    if (frame.type !== 'ack') return;
    acks.add(frame.clientMessageId);
    say();
  });
  for (let n = 0; n < IN_FLIGHT; n++) say();
  const acked = async (count: number) => {
    while (acks.size < count) await once(socket.socket, 'message');
  };
  return { socket, sent, acks, acked };
}

/** Someone who reads along all the time, as the widget does: over the restart, by its own means. */
function read(room: string, token: string) {
  const client = new ShoutClient({ server: stack.http, room, getToken: async () => token });
  const events: SequencedEvent[] = [];
  const live = Promise.withResolvers<void>();
  let arrival = Promise.withResolvers<void>();
  client.subscribe(({ snapshot, arrived }) => {
    events.push(...arrived);
    if (snapshot.connection === 'live') live.resolve();
    arrival.resolve();
  });
  client.open();
  return {
    live: live.promise,
    read: async (count: number) => {
      while (events.length < count) {
        arrival = Promise.withResolvers();
        await arrival.promise;
      }
      return events;
    },
    close: () => client.close(),
  };
}
