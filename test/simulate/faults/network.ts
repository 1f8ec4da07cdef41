import type { Fault } from '../../faults/fault.ts';
import type { LineState } from '../../faults/proxies/edge.ts';
import type { World } from '../world.ts';

/** Picks at least one client at random. The clients are the readers, writers, moderators and recorders. */
function some({ random, persons, recorders }: World) {
  return random.shuffle([...persons, ...recorders]).slice(0, 1 + random.int(persons.length / 2));
}

function line(name: string, state: LineState): Fault<World> {
  return {
    name,
    number: 12,
    inject: async (world, ms) => {
      const clients = some(world);
      for (const client of clients) client.line.set(state);
      await world.time.sleep(ms);
      for (const client of clients) client.line.set('open');
      return clients.length;
    },
  };
}

/** Cuts sockets again and again, also while frames are on their way. */
const cut: Fault<World> = {
  name: 'lines-cut',
  number: 12,
  inject: async (world, ms) => {
    const until = world.time.now() + ms;
    let strikes = 0;
    while (world.time.now() < until) {
      for (const client of some(world)) {
        client.line.cut();
        strikes++;
      }
      await world.time.sleep(world.random.between(200, 2_000));
    }
    return strikes;
  },
};

export const networkFaults: Fault<World>[] = [
  cut,
  line('lines-stalled', 'stalled'),
  line('lines-half-open', 'half-open'),
  line('clients-offline', 'refusing'),
];
