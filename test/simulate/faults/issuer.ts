import type { Fault } from '../../faults/fault.ts';
import type { World } from '../world.ts';

const BACK_WITHIN_MS = 15_000;

/**
 * Cuts everyone's connection while the issuer is down. The functions have already fetched the issuer's keys, so they
 * must let everyone in again.
 */
const down: Fault<World> = {
  name: 'issuer-down',
  number: 11,
  alone: true,
  inject: async (world, ms) => {
    world.issuer.mode = world.random.pick(['failing', 'silent'] as const);
    for (const { line } of world.persons) line.cut();
    await Promise.all([world.time.sleep(ms), allLive(world)]);
    world.issuer.mode = 'up';
    return world.persons.length;
  },
};

async function allLive(world: World): Promise<void> {
  const from = world.time.now();
  const away = () => world.persons.filter(({ client }) => client.snapshot.connection !== 'live');
  while (away().length > 0) {
    if (world.time.now() - from > BACK_WITHIN_MS) {
      const names = away().map(({ name }) => name);
      return world.complain(`${names.join(', ')} did not get in with keys that are known`);
    }
    await world.time.sleep(100);
  }
}

/**
 * Replaces the signing key while the issuer is down, and cuts the connections of up to six people. The functions cannot
 * fetch the new key until the issuer is back.
 */
const rotated: Fault<World> = {
  name: 'keys-rotated-while-down',
  number: 11,
  inject: async (world, ms) => {
    world.issuer.mode = world.random.pick(['failing', 'silent'] as const);
    world.issuer.rotate();
    const some = world.random.shuffle(world.persons).slice(0, 6);
    for (const { line } of some) line.cut();
    await world.time.sleep(ms);
    world.issuer.mode = 'up';
    return some.length;
  },
};

export const issuerFaults: Fault<World>[] = [down, rotated];
