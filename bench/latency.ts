import { once } from 'node:events';
import { setInterval } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import type { ServerFrame } from '../src/domain/schema.generated.ts';
import { startStack } from '../test/stack.ts';

/**
 * From a send to its receipt, through the whole local stack on one machine: 100 clients in one room, 10 messages a
 * second. Prints percentiles in ms: `p50` and `p99` of every receipt, `seenByAll` of each message's last one.
 */
const CLIENTS = 100;
const PER_SECOND = 10;
const WARM_UP = 30;
const { values } = parseArgs({ options: { json: { type: 'boolean' }, seconds: { type: 'string', default: '12' } } });
const messages = WARM_UP + Number(values.seconds) * PER_SECOND;

await using stack = await startStack({
  env: { RATE_BURST: '1000', RATE_PER_SECOND: '1000', MAX_CONNECTIONS_PER_PERSON: '1000' },
});
const token = await stack.token('me');
const sentAt: number[] = [];
const latencies: number[][] = Array.from({ length: messages }, () => []);
let missing = messages * CLIENTS;
const { promise: allReceived, resolve: received } = Promise.withResolvers<void>();

const clients = await Promise.all(Array.from({ length: CLIENTS }, connect));
for await (const _ of setInterval(1000 / PER_SECOND)) {
  const sender = clients[sentAt.length % CLIENTS]!;
  sender.send(JSON.stringify({ action: 'sendMessage', text: String(sentAt.length) }));
  if (sentAt.push(performance.now()) === messages) break;
}
await allReceived;
for (const client of clients) client.terminate();

const counted = latencies.slice(WARM_UP);
const receipts = counted.flat();
const seenByAll = counted.map((each) => Math.max(...each));
const result = {
  p50: percentile(receipts, 50),
  p99: percentile(receipts, 99),
  max: percentile(receipts, 100),
  seenByAll: { p50: percentile(seenByAll, 50), p99: percentile(seenByAll, 99) },
  clients: CLIENTS,
  messages: counted.length,
};
if (values.json) console.log(JSON.stringify(result));
else console.table({ receipt: { p50: result.p50, p99: result.p99, max: result.max }, 'seen by all': result.seenByAll });

async function connect(): Promise<WebSocket> {
  const socket = new WebSocket(stack.ws, { headers: { Authorization: `Bearer ${token}` } });
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as ServerFrame;
    if (frame.type === 'error') throw new Error(frame.message);
    if (frame.type !== 'events') return;
    for (const { data } of frame.events) {
      const n = Number(data.text);
      latencies[n]!.push(performance.now() - sentAt[n]!);
      if (--missing === 0) received();
    }
  });
  await once(socket, 'open');
  return socket;
}

/** Nearest rank, in tenths of a millisecond. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil((percent / 100) * sorted.length) - 1]! * 10) / 10;
}
