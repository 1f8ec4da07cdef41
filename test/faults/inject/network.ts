import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { LineState } from '../proxies/edge.ts';
import type { World } from '../world.ts';

/** Picks at least one client. The clients are readers, writers, moderators and recorders. */
function some({ random, persons, recorders }: World) {
  return random.shuffle([...persons, ...recorders]).slice(0, 1 + random.int(persons.length / 2));
}

function line(name: string, number: number, state: LineState): Fault {
  return {
    name,
    number,
    inject: async (world, ms) => {
      const clients = some(world);
      for (const client of clients) client.line.set(state);
      await sleep(ms);
      for (const client of clients) client.line.set('open');
      return clients.length;
    },
  };
}

/** Cuts sockets again and again, usually while frames are on their way. */
const cut: Fault = {
  name: 'lines-cut',
  number: 12,
  inject: async (world, ms) => {
    const until = Date.now() + ms;
    let strikes = 0;
    while (Date.now() < until) {
      for (const client of some(world)) {
        client.line.cut();
        strikes++;
      }
      await sleep(world.random.between(200, 2_000));
    }
    return strikes;
  },
};

export const networkFaults: Fault[] = [
  cut,
  line('lines-stalled', 12, 'stalled'),
  line('lines-half-open', 12, 'half-open'),
  line('clients-offline', 12, 'refusing'),
];
