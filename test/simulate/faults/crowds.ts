import { eventId } from '../../../src/domain/feed/event-id.ts';
import type { Fault } from '../../faults/fault.ts';
import type { World } from '../world.ts';

/** Number of messages. With `LONG` texts they exceed `MAX_ROUND_BYTES`, so fanOut posts the room's head instead. */
const MANY = 60;
const LONG = 'x'.repeat(1_900);
/**
 * Time within which readers must have fetched the messages, ms. If fanOut failed to post the room's head, most readers
 * would take longer, because they would learn of the messages only by their next ping.
 */
const FETCHED_MS = 10_000;

/** Gives fanOut too many messages at once to post. It still numbers them, and everybody must still get them soon. */
const overflow: Fault<World> = {
  name: 'round-overflows',
  number: 19,
  alone: true,
  inject: async (world) => {
    const { time, stream } = world;
    await world.converge();
    const id = world.issuer.actorOf('verbose');
    const actor = { id, name: 'verbose' };
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const end = stream.reads.add(async (iterator, forward) => {
      await held;
      return forward(iterator);
    });
    const before = world.head.seq;
    for (let i = 0; i < MANY; i++) {
      const said = `${time.elapsed.toFixed(0)}-${i}`;
      const item = { type: 'MessagePosted', v: 1, at: time.now(), actor, data: { text: `${LONG} ${said}` } };
      world.put({ id: eventId(id, said), ...item });
    }
    await time.sleep(1_000);
    end();
    release();
    await world.until(() => world.head.seq >= before + MANY);
    await time.sleep(FETCHED_MS);
    const behind = world.persons.filter((person) => !person.isAt(world.head)).map(({ name }) => name);
    if (behind.length > 0) world.complain(`${behind} were not told of ${MANY} long messages within ${FETCHED_MS} ms`);
    return MANY;
  },
};

/** Longer than every temporary ban in the simulation, ms. `World.converge` takes back only permanent bans. */
const BANS_END_MS = 6_000;
/** More than a second, ms. The back end writes a room's count of people at most once a second. */
const APART_MS = 1_100;
/**
 * Maximum number of times that the clients' counts of people are compared with the open connections. A comparison is
 * repeated if these connections changed during it, for example because one reached its maximum age of two hours.
 */
const COMPARISONS = 5;

/** A person connects, and later leaves. Each time, everybody must know the new count of people after two messages. */
const counted: Fault<World> = {
  name: 'people-counted',
  number: 20,
  alone: true,
  inject: async (world) => {
    const { time, gateway, random } = world;
    await world.converge();
    // Makes the recorders reconnect. They send no pings, so they never notice if an earlier fault has removed the rows
    // of their connections.
    for (const { line } of world.recorders) line.cut();
    await time.sleep(BANS_END_MS);
    const compare = async (comparisons = COMPARISONS): Promise<void> => {
      const before = gateway.open;
      for (let i = 0; i < 2; i++) {
        await time.sleep(APART_MS);
        random.pick(world.writers).say();
        await world.converge();
      }
      const here = gateway.open;
      if (comparisons > 1 && String(here) !== String(before)) return compare(comparisons - 1);
      const wrong = world.persons.filter(({ client }) => client.snapshot.people !== here.length);
      const said = wrong.map(({ name, client }) => `${client.snapshot.people} to ${name}`).join(', ');
      if (wrong.length > 0) world.complain(`${here.length} people are here, and it is ${said}`);
    };
    const guest = await world.join(`guest${time.elapsed.toFixed(0)}`);
    world.visitors.push(guest);
    await world.until(() => guest.client.snapshot.connection === 'live');
    await compare();
    guest.client.close();
    await time.sleep(APART_MS);
    await compare();
    return 2;
  },
};

export const crowdFaults: Fault<World>[] = [overflow, counted];
