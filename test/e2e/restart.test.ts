import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SequencedEvent } from '../../src/domain/schema.generated.ts';
import { ShoutClient } from '../../web/client/shout-client.ts';
import { TestSocket } from '../socket.ts';
import { type Stack, startStack } from '../stack.ts';

/** Number of messages that the writer sends without waiting for an ack. */
const IN_FLIGHT = 20;
/** Number of acks after which the stack is stopped. */
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

  const sent: string[] = [];
  const writer = await startWriter(room, token, () => {
    sent.push(`${room}-${sent.length}`);
    return sent.at(-1);
  });
  await writer.acked(STOP_AT);
  const closed = writer.closed();
  await stopAndStart();
  await closed;

  // Acked messages are not sent again. If one were lost, the reader would wait for it in vain.
  const unsure = sent.filter((id) => !writer.acks.has(id));
  expect(unsure.length).toBeGreaterThan(0);
  const repeater = await startWriter(room, token, () => unsure.pop());
  const events = await reader.read(sent.length);
  repeater.close();
  reader.close();

  expect(events.map(({ seq }) => seq)).toEqual(sent.map((_, n) => n + 1));
  expect(events.map(({ id }) => id.split(':')[1]).toSorted()).toEqual(sent.toSorted());
});

/**
 * Starts a client that sends `IN_FLIGHT` messages at once, then the next message after each ack. It repeats a refused
 * message under the same id.
 */
async function startWriter(room: string, token: string, next: () => string | undefined) {
  const socket = await TestSocket.open(`${stack.ws}?room=${room}`, { token });
  const acks = new Set<string>();
  const say = (clientMessageId: string | undefined) =>
    clientMessageId && socket.send({ action: 'sendMessage', text: 'hi', clientMessageId });
  socket.onFrame((frame) => {
    if (frame.type === 'ack') {
      acks.add(frame.clientMessageId);
      say(next());
    } else if (frame.type === 'error') say(frame.clientMessageId);
  });
  for (let n = 0; n < IN_FLIGHT; n++) say(next());
  return {
    acks,
    acked: async (count: number) => {
      while (acks.size < count) await once(socket.socket, 'message');
    },
    closed: () => socket.closed(),
    close: () => socket.close(),
  };
}

/** Starts a reader with the widget's client, which reconnects by itself after the restart. */
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
