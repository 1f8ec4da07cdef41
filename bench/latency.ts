import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setInterval } from 'node:timers/promises';
import WebSocket, { WebSocketServer } from 'ws';
import type { ServerFrame } from '../src/domain/schema.generated.ts';
import { startStack } from '../test/stack.ts';
import { type Contenders, startContender } from './harness/contender.ts';
import { median, quantile } from './harness/measure.ts';
import { publishedPluginLatencies } from './harness/published-plugin.ts';
import type { Report } from './harness/report.ts';
import { installRivals } from './harness/rivals.ts';
import type { Options } from './main.ts';

const PER_SECOND = 10;
const WARM_UP = 30;
const LIMIT = 'ws broadcast';
const RIVAL = 'the published stream plugin, up to the function';

/** Timestamps of one message, ms since 1970. All but `handledAt` are by this process's clock. */
interface Journey {
  sentAt: number;
  /** Just before the append, by the handler's clock, in whole ms. */
  handledAt: number;
  ackedAt: number;
  receivedAt: number[];
}

export const contenders: Contenders = {
  /** The theoretical limit: a server that only sends each message to every client, without a log or an API Gateway. */
  [LIMIT]: async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) =>
      socket.on('message', (data) => {
        const { text } = JSON.parse(String(data));
        const event = { type: 'MessagePosted', data: { text }, at: Date.now() };
        const frame = JSON.stringify({ type: 'events', events: [event] });
        for (const client of server.clients) client.send(frame);
      }),
    );
    return async () => ({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` });
  },
};

/**
 * Measures the time from sending a message until all clients have it, at 10 messages/s, on the whole local stack and
 * with `LIMIT`. For `RIVAL`, measures only the time from an append until the plugin would invoke the function.
 */
export async function run({ quick }: Options): Promise<Report> {
  await installRivals();
  const seconds = quick ? 4 : 12;
  await using stack = await startStack({
    env: { RATE_BURST: '1000', RATE_PER_SECOND: '1000', MAX_CONNECTIONS_PER_PERSON: '2000' },
  });
  const token = await stack.token('me');
  const bare = await startContender(import.meta.filename, LIMIT);
  const { url } = (await bare.run({})).facts as { url: string };
  const rows: (string | number)[][] = [];
  const steps: (string | number)[][] = [];
  const measured = new Map<string, { received: Spread; seenByAll: Spread }>();
  for (const clients of quick ? [100] : [100, 1_000]) {
    for (const [name, address] of [
      ['the local stack', stack.ws],
      [LIMIT, url],
    ] as const) {
      const journeys = (await travel(address, token, clients, seconds)).slice(WARM_UP);
      const receipts = journeys.flatMap(({ sentAt, receivedAt }) => receivedAt.map((at) => at - sentAt));
      const byAll = journeys.map(({ sentAt, receivedAt }) => Math.max(...receivedAt) - sentAt);
      const received = spread(receipts);
      const seenByAll = spread(byAll);
      measured.set(`${name}/${clients}`, { received, seenByAll });
      rows.push([name, clients, received.p50, received.p99, seenByAll.p50, seenByAll.p99]);
      if (name === LIMIT) continue;
      const step = (from: (journey: Journey) => number, to: (journey: Journey) => number) =>
        median(journeys.map((journey) => to(journey) - from(journey)));
      steps.push(
        [
          'send → handler, about to append',
          clients,
          step(
            ({ sentAt }) => sentAt,
            ({ handledAt }) => handledAt,
          ),
        ],
        [
          '→ appended and acknowledged',
          clients,
          step(
            ({ handledAt }) => handledAt,
            ({ ackedAt }) => ackedAt,
          ),
        ],
        [
          'handler → first client has it',
          clients,
          step(
            ({ handledAt }) => handledAt,
            ({ receivedAt }) => Math.min(...receivedAt),
          ),
        ],
        [
          'first → last client has it',
          clients,
          step(
            ({ receivedAt }) => Math.min(...receivedAt),
            ({ receivedAt }) => Math.max(...receivedAt),
          ),
        ],
      );
    }
  }
  bare.stop();
  const published = await publishedPluginLatencies(quick ? 4 : 20);
  rows.push([RIVAL, '', '', '', quantile(published, 0.5), quantile(published, 0.99)]);
  const { received, seenByAll: ours } = measured.get('the local stack/100')!;
  return {
    title: 'A message is sent, and 100 clients have it; median',
    unit: 'ms',
    ours: ours.p50,
    limit: measured.get(`${LIMIT}/100`)!.seenByAll.p50,
    rivals: { [RIVAL]: quantile(published, 0.5) },
    figures: { ...received },
    claims: [
      { what: '100 clients, p50 until all have it, ms', value: ours.p50, atMost: 30 },
      { what: '100 clients, p99 until all have it, ms', value: ours.p99, atMost: 100 },
    ],
    tables: [
      {
        caption: 'Every client got every message, once and in order, or the run fails.',
        columns: ['', 'clients', 'p50', 'p99', 'seen by all, p50', 'seen by all, p99'],
        rows,
      },
      {
        caption: 'Where the time goes, medians in ms (the handler’s clock has whole ms):',
        columns: ['', 'clients', 'ms'],
        rows: steps,
      },
    ],
  };
}

interface Spread {
  p50: number;
  p99: number;
}

function spread(values: readonly number[]): Spread {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

async function travel(url: string, token: string, clients: number, seconds: number): Promise<Journey[]> {
  const messages = WARM_UP + seconds * PER_SECOND;
  const journeys: Journey[] = [];
  let missing = messages * clients;
  const { promise: complete, resolve, reject } = Promise.withResolvers<void>();
  const now = () => performance.timeOrigin + performance.now();
  const connect = async () => {
    const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } });
    let next = 0;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      if (frame.type === 'error') reject(new Error(frame.message));
      if (frame.type === 'ack') journeys[Number(frame.clientMessageId.split('-')[1])]!.ackedAt = now();
      if (frame.type !== 'events') return;
      for (const { at, ...event } of frame.events) {
        if (event.type !== 'MessagePosted') continue;
        const { data } = event;
        const journey = journeys[Number(data.text)]!;
        if (Number(data.text) !== next++) reject(new Error(`Message ${data.text} came as number ${next - 1}.`));
        journey.handledAt = at;
        journey.receivedAt.push(now());
        if (--missing === 0) resolve();
      }
    });
    await once(socket, 'open');
    return socket;
  };
  const sockets: WebSocket[] = [];
  // Connects in groups, because a thousand handshakes at once would overload one machine.
  while (sockets.length < clients) {
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, clients - sockets.length) }, connect))));
  }
  const run = Math.random().toString(36).slice(2);
  for await (const _ of setInterval(1_000 / PER_SECOND)) {
    const n = journeys.push({ sentAt: now(), handledAt: 0, ackedAt: 0, receivedAt: [] }) - 1;
    const frame = { action: 'sendMessage', text: String(n), clientMessageId: `${run}-${n}` };
    sockets[n % clients]!.send(JSON.stringify(frame));
    if (journeys.length === messages) break;
  }
  await complete;
  for (const socket of sockets) socket.terminate();
  return journeys;
}
