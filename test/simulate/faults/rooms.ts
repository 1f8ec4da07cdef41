import { eventId } from '../../../src/domain/feed/event-id.ts';
import type { Fault } from '../../faults/fault.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../../tables.ts';
import type { World } from '../world.ts';

/** The head's row is lost: numbers go on above the highest there is, in another epoch. */
const headLost: Fault<World> = {
  name: 'head-lost',
  number: 12,
  alone: true,
  inject: async (world, ms) => {
    await world.time.sleep(ms / 2);
    world.write(STATE_TABLE, world.headKey);
    await world.time.sleep(world.random.between(0, ms / 2));
    return 1;
  },
};

/** All of a room is gone, as after a restore of an empty table: numbers begin anew, and nobody may mix them up. */
const roomWiped: Fault<World> = {
  name: 'room-wiped',
  number: 12,
  alone: true,
  inject: async (world, ms) => {
    await world.converge();
    const away = world.random.shuffle(world.readers).slice(0, 3);
    for (const { line } of away) line.set('refusing');
    await world.forget();
    for (const { room, id } of world.items) world.write(EVENTS_TABLE, { room, id });
    world.write(STATE_TABLE, world.headKey);
    world.database.settle();
    world.talk();
    await world.time.sleep(ms);
    for (const { line } of away) line.set('open');
    return 1;
  },
};

const MANY = 2_100;

/** Someone comes back so far behind that catching up one by one makes no sense: an explicit reload. */
const leftBehind: Fault<World> = {
  name: 'left-behind',
  number: 12,
  alone: true,
  inject: async (world) => {
    const some = world.random.shuffle(world.readers).slice(0, 2);
    for (const { line } of some) line.set('refusing');
    const before = world.head.seq;
    const id = world.issuer.actorOf('prolific');
    const actor = { id, name: 'prolific' };
    for (let i = 0; i < MANY; i++) {
      const said = `${world.time.elapsed.toFixed(0)}-${i}`;
      const item = { type: 'MessagePosted', v: 1, at: world.time.now(), actor, data: { text: said } };
      world.put({ id: eventId(id, said), ...item });
      if (i % 70 === 0) await world.time.sleep(50);
    }
    await world.until(() => world.head.seq >= before + MANY);
    for (const { line } of some) line.set('open');
    return some.length;
  },
};

export const roomFaults: Fault<World>[] = [headLost, roomWiped, leftBehind];
