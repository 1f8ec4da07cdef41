import { setTimeout as sleep } from 'node:timers/promises';
import { eventId } from '../../../src/domain/feed/event-id.ts';
import type { Fault } from '../fault.ts';
import type { World } from '../world.ts';

/**
 * Removes the row of the room's head. Numbers then continue far above the highest so far, in a new epoch. Bans must
 * still hold.
 */
const headLost: Fault = {
  name: 'head-lost',
  number: 12,
  alone: true,
  inject: async (world, ms) => {
    const { store, random } = world;
    await sleep(ms / 2);
    const unheard = await banned(world);
    const { epoch } = await store.head();
    await store.loseHead();
    await world.until(async () => {
      const head = await store.head();
      return head.epoch !== epoch && (await store.log()).some(({ seq }) => seq === head.seq);
    });
    await store.put({ ...unheard, id: eventId(unheard.actor.id, 'last'), at: Date.now() });
    await sleep(random.between(0, ms / 2));
    await world.excuseLostHead();
    await store.age();
    return 1;
  },
};

/** Bans a person permanently. @returns a message of that person that is not in the log yet */
async function banned(world: World) {
  const { store, backEnd } = world;
  const { issuer } = backEnd;
  const name = `unheard${Date.now()}`;
  const actor = { id: issuer.actorOf(name), name };
  const moderator = { id: issuer.actorOf('moderator'), name: 'moderator', role: 'moderator' };
  const id = eventId(moderator.id, name);
  await store.put({ id, type: 'PersonBanned', v: 1, at: Date.now(), actor: moderator, data: { person: actor.id } });
  await world.until(async () => (await store.log()).some((entry) => entry.id === id && entry.seq !== undefined));
  return { type: 'MessagePosted', v: 1, actor, data: { text: `${name} speaks` } };
}

/** Deletes the first event, the last and some between, as an operator would. Meanwhile some readers are away. */
const eventsDeleted: Fault = {
  name: 'events-deleted',
  number: 17,
  alone: true,
  inject: async (world, ms) => {
    const { store, random } = world;
    await world.converge();
    const away = random.shuffle(world.readers).slice(0, 4);
    for (const { line } of away) line.set('refusing');
    // Spares bans and unbans, because the checker reads them from the log.
    const numbered = (await store.log())
      .filter(({ seq, person }) => seq !== undefined && person === undefined)
      .sort((a, b) => a.seq! - b.seq!);
    const between = random.shuffle(numbered.slice(1, -1)).slice(0, 5);
    const doomed = [numbered[0], numbered.at(-1), ...between].flatMap((event) => event ?? []);
    const { seq: before } = await store.head();
    await world.delete(doomed);
    world.startTraffic();
    await world.until(async () => (await store.head()).seq > before);
    await sleep(ms / 2);
    for (const { line } of away) line.set('open');
    await sleep(ms / 2);
    await store.age();
    return doomed.length;
  },
};

/**
 * Removes a whole room, as if empty tables had been restored. Numbers start again at 1, and no client may confuse old
 * numbers with new ones.
 */
const roomWiped: Fault = {
  name: 'room-wiped',
  number: 12,
  alone: true,
  inject: async (world, ms) => {
    await world.converge();
    // Cuts readers off only after `forget`. `forget` may wait until all readers are at the room's head, which a reader
    // that is cut off would not reach.
    await world.forget();
    const away = world.random.shuffle(world.readers).slice(0, 4);
    for (const { line } of away) line.set('refusing');
    await world.store.wipe();
    world.startTraffic();
    await sleep(ms);
    for (const { line } of away) line.set('open');
    return 1;
  },
};

const MANY = 2_100;

/** Keeps two readers away until they miss more than 2,000 events. They must then reload instead of catching up (I7). */
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

export const roomFaults: Fault[] = [headLost, eventsDeleted, roomWiped, leftBehind];
