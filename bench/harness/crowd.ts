import { randomFrom } from '../../test/faults/random.ts';
import type { VirtualTime } from '../../test/simulate/time.ts';
import { ShoutClient } from '../../web/client/shout-client.ts';
import { CrowdServer } from './crowd-server.ts';

export interface Crowd {
  readonly server: CrowdServer;
  readonly clients: readonly ShoutClient[];
  /** Waits until every client is live and has every event. @returns ms since the call @throws after `withinMs` */
  whole(withinMs: number): Promise<number>;
}

const LOOK_AGAIN_MS = 50;
const PING_INTERVAL_MS = 250_000;

/**
 * Fills a room with real clients and waits until all are live.
 * @param counted whether frames carry the number of people in the room
 */
export async function gather(time: VirtualTime, size: number, counted: boolean): Promise<Crowd> {
  const random = randomFrom(size);
  const server = new CrowdServer(time, random.next, counted);
  const clients = Array.from({ length: size }, () => client(time, random.next, server));
  // Spreads the first connections over time, so that they stay below the server's quota of new connections a second.
  for (const each of clients) time.after(random.next() * size * 5, () => each.open());
  const crowd: Crowd = { server, clients, whole };
  await time.sleep(size * 5);
  await whole(60_000);
  // Waits until every client has pinged again. If `counted`, the pong tells it how many people are in the full room.
  await time.sleep(PING_INTERVAL_MS);
  return crowd;

  async function whole(withinMs: number): Promise<number> {
    const from = time.now();
    const isWhole = ({ snapshot: { connection, position } }: ShoutClient) =>
      connection === 'live' && position.last === server.head;
    for (let waiting = clients; ; await time.sleep(LOOK_AGAIN_MS)) {
      waiting = waiting.filter((each) => !isWhole(each));
      if (waiting.length === 0) return time.now() - from;
      if (time.now() - from > withinMs) throw new Error(`${waiting.length} are not live after ${withinMs} ms.`);
    }
  }
}

function client(time: VirtualTime, random: () => number, server: CrowdServer): ShoutClient {
  return new ShoutClient({
    server: 'https://api.example',
    pageSize: 10,
    fetch: server.fetch,
    WebSocket: server.WebSocket,
    now: time.now,
    timers: time.timers,
    random,
    online: () => true,
  });
}
