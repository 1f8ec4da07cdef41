import { type Change, renewalPart, ShoutClient, type ShoutClientOptions } from '../shout-client.ts';
import { VirtualClock } from './clock.ts';
import { FakeRoom, token } from './room.ts';

// Loads the code for token renewal before any test. An import takes real time, for which the virtual clock cannot wait.
await renewalPart.load();

/**
 * Creates a client in a fake room with a virtual clock, and records the client's changes. The client is not opened, and
 * its outbox is not loaded until the first command.
 */
export function reader(options: Partial<ShoutClientOptions> = {}, room = new FakeRoom(), clock = new VirtualClock()) {
  const changes: Change[] = [];
  let created = 0;
  const client = new ShoutClient({
    server: 'https://api.example/',
    getToken: async () => token(),
    fetch: room.fetch,
    WebSocket: room.WebSocket,
    timers: clock,
    now: clock.now,
    random: () => 0.5,
    createId: () => `c${++created}`,
    ...options,
  });
  client.subscribe((change) => changes.push(change));
  return {
    client,
    room,
    clock,
    changes,
    get applied() {
      return changes.flatMap(({ arrived }) => arrived.map(({ seq }) => seq));
    },
    get shown() {
      return client.snapshot.feed.messages.map(({ seq }) => seq);
    },
    get texts() {
      return client.snapshot.feed.messages.map(({ text }) => text);
    },
    get states() {
      return changes.map(({ snapshot }) => snapshot.connection).filter((state, i, all) => state !== all[i - 1]);
    },
  };
}

/**
 * Creates a client as {@link reader} does, loads its outbox, opens it, and advances the clock by 100 ms. The client is
 * then live, unless the options or the room prevent it.
 */
export async function liveReader(...setup: Parameters<typeof reader>) {
  const opened = reader(...setup);
  await opened.client.prepare();
  opened.client.open();
  await opened.clock.advance(100);
  return opened;
}
