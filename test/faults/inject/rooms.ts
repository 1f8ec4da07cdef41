import { setTimeout as sleep } from 'node:timers/promises';
import { eventId } from '../../../src/domain/feed/event-id.ts';
import type { Fault } from '../fault.ts';

/** The head's row is lost: numbers go on above the highest there is, in another epoch. */
const headLost: Fault = {
  name: 'head-lost',
  number: 12,
  alone: true,
  inject: async ({ store, random }, ms) => {
    await sleep(ms / 2);
    await store.loseHead();
    await sleep(random.between(0, ms / 2));
    return 1;
  },
};

/** All of a room is gone, as after a restore of an empty table: numbers begin anew, and nobody may mix them up. */
const roomWiped: Fault = {
  name: 'room-wiped',
  number: 12,
  alone: true,
  inject: async (world, ms) => {
    await world.converge();
    const away = world.random.shuffle(world.readers).slice(0, 4);
    for (const { line } of away) line.set('refusing');
    await world.forget();
    await world.store.wipe();
    world.startTraffic();
    await sleep(ms);
    for (const { line } of away) line.set('open');
    return 1;
  },
};

const MANY = 2_100;

/** Someone comes back so far behind that catching up one by one makes no sense: an explicit reload. */
const leftBehind: Fault = {
  name: 'left-behind',
  number: 12,
  alone: true,
  inject: async (world) => {
    const [one, other] = world.random.shuffle(world.readers);
    for (const person of [one!, other!]) person.line.set('refusing');
    const { seq: before } = await world.store.head();
    const prolific = world.backEnd.issuer.actorOf('prolific');
    const run = Date.now().toString(36);
    for (let i = 0; i < MANY; i += 70) {
      const some = Array.from({ length: 70 }, (_, index) => `${run}-${i + index}`);
      await Promise.all(
        some.map((name) =>
          world.store.put({
            id: eventId(prolific, name),
            type: 'MessagePosted',
            v: 1,
            at: Date.now(),
            actor: { id: prolific, name: 'prolific' },
            data: { text: name },
          }),
        ),
      );
    }
    await world.until(async () => (await world.store.head()).seq >= before + MANY);
    for (const person of [one!, other!]) person.line.set('open');
    return 2;
  },
};

export const roomFaults: Fault[] = [headLost, roomWiped, leftBehind];
