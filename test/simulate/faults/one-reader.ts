import type { Writer } from '../../faults/clients/writer.ts';
import type { Fault } from '../../faults/fault.ts';
import { STATE_TABLE } from '../../tables.ts';
import type { Person } from '../person.ts';
import type { World } from '../world.ts';
import { strikePosts } from './posts.ts';

const SLOW_MS = 60_000;
const CALM_MS = 15_000;
/**
 * While one reader is slow, the lateness of the other readers may be twice the usual plus this many ms. The next batch
 * waits until the posts to the slow reader have ended.
 */
const ALLOWED_MS = 500;
/**
 * Maximum time until a pong shows that the last message was lost, ms. A client pings within 25 s after an `events`
 * frame (`QUIET_MS` in web/client/connection.ts), and otherwise every four minutes. Both times have some slack here.
 */
const NOTICED_MS = { afterFrame: 25_000 + 2_000, otherwise: 4 * 60_000 + 5_000 };

function connectionsOf(world: World, { actorId }: Person): string[] {
  const row = world.database.engine.table(STATE_TABLE).get({ pk: `PERSON#${actorId}`, sk: 'CONNECTIONS' });
  return [...((row?.connectionIds as Set<string> | undefined) ?? [])];
}

/**
 * Answers all posts to one reader with 429 for a minute. During that minute, the other readers must get messages about
 * as fast as before and after it.
 */
const slowReader: Fault<World> = {
  name: 'slow-reader',
  number: 4,
  alone: true,
  inject: async (world) => {
    const [slow, ...others] = world.random.shuffle(world.readers) as [Person, ...Person[]];
    const before = await lateness(world, others, CALM_MS);
    const ids = new Set(connectionsOf(world, slow));
    const [strikes, end] = strikePosts(
      world,
      ({ connectionId }) => ids.has(connectionId),
      async () => 429,
    );
    const during = await lateness(world, others, SLOW_MS);
    end();
    const after = await lateness(world, others, CALM_MS);
    if (during > 2 * Math.max(before, after) + ALLOWED_MS) {
      const calm = `${before} and ${after} ms before and after`;
      world.complain(`${slow.name} was slow, and the others heard ${during} ms late (p95), ${calm}`);
    }
    return strikes();
  },
};

/** Measures for `ms` how long events take from their append until readers apply them. @returns 95th percentile, ms */
async function lateness({ time }: World, readers: readonly Person[], ms: number): Promise<number> {
  const lags: number[] = [];
  const forget = readers.map(({ client }) =>
    client.subscribe(({ arrived }) => lags.push(...arrived.map(({ at }) => time.now() - at))),
  );
  await time.sleep(ms);
  for (const stop of forget) stop();
  return lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.95)] ?? Number.POSITIVE_INFINITY;
}

/** Answers posts to a reader's old connection with 410, but so late that the reader may already have a new one. */
const goneRacesReconnect: Fault<World> = {
  name: 'gone-races-reconnect',
  number: 6,
  inject: async (world, ms) => {
    const { time, random } = world;
    const until = time.now() + ms;
    const old = new Set<string>();
    const [strikes, end] = strikePosts(
      world,
      ({ connectionId }) => old.has(connectionId),
      async () => {
        await time.sleep(800);
        return 410;
      },
    );
    while (time.now() < until) {
      const person = random.pick(world.readers);
      for (const id of connectionsOf(world, person)) old.add(id);
      await time.sleep(random.between(0, 300));
      person.line.cut();
      await time.sleep(random.between(200, 1_000));
    }
    end();
    return strikes();
  },
};

/**
 * Loses one reader's post of the last event before a silence, once for each time in `NOTICED_MS`. Only the pong to the
 * reader's next ping shows the loss.
 */
const lastMessageLost: Fault<World> = {
  name: 'last-message-lost',
  number: 15,
  alone: true,
  inject: async (world) => {
    const unlucky = world.random.pick(world.readers);
    const writer = world.random.pick(world.writers);
    await world.converge();
    await world.time.sleep(NOTICED_MS.afterFrame);
    let strikes = await loseLast(world, unlucky, writer, NOTICED_MS.otherwise);
    writer.say();
    await world.converge();
    strikes += await loseLast(world, unlucky, writer, NOTICED_MS.afterFrame);
    return strikes;
  },
};

/**
 * Loses the posts of a message to one reader. The reader must still get the message within `withinMs`, by fetching it.
 * @returns the number of lost posts
 */
async function loseLast(world: World, unlucky: Person, writer: Writer<Person>, withinMs: number): Promise<number> {
  const ids = new Set(connectionsOf(world, unlucky));
  const [strikes, end] = strikePosts(
    world,
    ({ connectionId }) => ids.has(connectionId),
    async () => 200,
  );
  writer.say();
  const took = await world.converge();
  end();
  if (took > withinMs) world.complain(`${unlucky.name} got the last message after ${took} ms`);
  return strikes();
}

export const oneReaderFaults: Fault<World>[] = [slowReader, goneRacesReconnect, lastMessageLost];
