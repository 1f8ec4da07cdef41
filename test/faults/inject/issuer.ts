import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { World } from '../world.ts';

const BACK_WITHIN_MS = 15_000;

/** Cuts every person's connection while the issuer is down. The stack has the issuer's keys, so all can reconnect. */
const down: Fault = {
  name: 'issuer-down',
  number: 11,
  alone: true,
  inject: async (world, ms) => {
    world.backEnd.issuer.mode = world.random.pick(['failing', 'silent']);
    for (const { line } of world.persons) line.cut();
    await Promise.all([sleep(ms), allLive(world)]);
    world.backEnd.issuer.mode = 'up';
    return world.persons.length;
  },
};

async function allLive(world: World): Promise<void> {
  const from = Date.now();
  const away = () => world.persons.filter(({ client }) => client.snapshot.connection !== 'live');
  while (away().length > 0) {
    if (Date.now() - from > BACK_WITHIN_MS) {
      const names = away().map(({ name }) => name);
      return world.complain(`${names.join(', ')} did not get in with keys that are known`);
    }
    await sleep(100);
  }
}

/**
 * Replaces the signing key while the issuer is down, and cuts the connections of up to six people. The stack cannot
 * fetch the new key until the issuer is back.
 */
const rotated: Fault = {
  name: 'keys-rotated-while-down',
  number: 11,
  inject: async (world, ms) => {
    world.backEnd.issuer.mode = world.random.pick(['failing', 'silent']);
    await world.backEnd.issuer.rotate();
    const [some] = [world.random.shuffle(world.persons).slice(0, 6)];
    for (const { line } of some) line.cut();
    await sleep(ms);
    world.backEnd.issuer.mode = 'up';
    return some.length;
  },
};

export const issuerFaults: Fault[] = [down, rotated];
