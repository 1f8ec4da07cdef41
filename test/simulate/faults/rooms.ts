import { eventId } from '../../../src/domain/feed/event-id.ts';
import { RULES_ID } from '../../../src/infra/dynamodb/room-rules.ts';
import type { Fault } from '../../faults/fault.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../../tables.ts';
import type { World } from '../world.ts';

/** Longer than the minute after which a missing number counts as vacant (src/domain/reading/vacancy.ts). */
const BELIEVED_MS = 75_000;

/**
 * Removes the row of the room's head. Numbers then continue far above the highest so far, in a new epoch. Bans must
 * still hold.
 */
const headLost: Fault<World> = {
  name: 'head-lost',
  number: 12,
  alone: true,
  inject: async (world, ms) => {
    const { time, random } = world;
    await time.sleep(ms / 2);
    const unheard = await banned(world);
    const { epoch } = world.head;
    world.write(STATE_TABLE, world.headKey);
    await world.until(() => {
      const { head, log } = world;
      return head.epoch !== epoch && log.some(({ seq }) => seq === head.seq);
    });
    world.put({ ...unheard, id: eventId(unheard.actor.id, 'last'), at: time.now() });
    await time.sleep(random.between(0, ms / 2));
    world.excuseLostHead();
    world.stopTraffic();
    await time.sleep(BELIEVED_MS);
    return 1;
  },
};

/** Bans a person permanently. @returns a message of that person that is not in the log yet */
async function banned(world: World) {
  const { time, issuer } = world;
  const name = `unheard${time.elapsed.toFixed(0)}`;
  const actor = { id: issuer.actorOf(name), name };
  const moderator = { id: issuer.actorOf('moderator'), name: 'moderator', role: 'moderator' };
  const id = eventId(moderator.id, name);
  world.put({ id, type: 'PersonBanned', v: 1, at: time.now(), actor: moderator, data: { person: actor.id } });
  await world.until(() => world.items.some((item) => item.id === id && item.seq !== undefined));
  return { type: 'MessagePosted', v: 1, actor, data: { text: `${name} speaks` } };
}

/** Deletes the first event, the last and some between, as an operator would. Meanwhile some readers are away. */
const eventsDeleted: Fault<World> = {
  name: 'events-deleted',
  number: 17,
  alone: true,
  inject: async (world, ms) => {
    const { time, random } = world;
    await world.converge();
    const away = random.shuffle(world.readers).slice(0, 3);
    for (const { line } of away) line.set('refusing');
    // Spares bans and unbans, because the checker reads them from the log.
    const numbered = world.log
      .filter(({ seq, person }) => seq !== undefined && person === undefined)
      .sort((a, b) => a.seq! - b.seq!);
    const between = random.shuffle(numbered.slice(1, -1)).slice(0, 5);
    const doomed = [numbered[0], numbered.at(-1), ...between].flatMap((event) => event ?? []);
    const before = world.head.seq;
    world.delete(doomed);
    world.startTraffic();
    await world.until(() => world.head.seq > before);
    await time.sleep(ms / 2);
    for (const { line } of away) line.set('open');
    await time.sleep(ms / 2);
    world.stopTraffic();
    await time.sleep(BELIEVED_MS);
    return doomed.length;
  },
};

/**
 * Removes a whole room, as if empty tables had been restored. Numbers start again at 1, and no client may confuse new
 * numbers with old ones.
 */
const roomWiped: Fault<World> = {
  name: 'room-wiped',
  number: 12,
  alone: true,
  inject: async (world, ms) => {
    await world.converge();
    await world.forget();
    const away = world.random.shuffle(world.readers).slice(0, 3);
    for (const { line } of away) line.set('refusing');
    for (const { id } of [...world.items, { id: RULES_ID }]) world.write(EVENTS_TABLE, { room: world.room, id });
    world.write(STATE_TABLE, world.headKey);
    world.database.settle();
    world.startTraffic();
    await world.time.sleep(ms);
    for (const { line } of away) line.set('open');
    return 1;
  },
};

const MANY = 2_100;

/**
 * Keeps two readers away until they miss more than 2,000 events. They must then reload instead of catching up (I7 in
 * docs/guarantees.md).
 */
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

export const roomFaults: Fault<World>[] = [headLost, eventsDeleted, roomWiped, leftBehind];
