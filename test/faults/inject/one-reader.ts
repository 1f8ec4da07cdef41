import { setTimeout as sleep } from 'node:timers/promises';
import { HEARTBEAT_MS, type Person } from '../clients/person.ts';
import type { Fault } from '../fault.ts';
import { answer, connectionOf, strikeSome } from './posts.ts';

const SLOW_MS = 60_000;
const CALM_MS = 15_000;
/**
 * While one connection is slow, the lateness of the other readers may be twice the usual plus this many ms. A batch may
 * have to wait until three attempts at a post to the slow connection have failed, and the machine may be busy.
 */
const ALLOWED_MS = 500;

/**
 * Answers all posts to one reader with 429 for a minute. During that minute, the other readers must get messages about
 * as fast as before and after it.
 */
const slowReader: Fault = {
  name: 'slow-reader',
  number: 4,
  alone: true,
  inject: async (world) => {
    const [slow, ...others] = world.random.shuffle(world.readers) as [Person, ...Person[]];
    const before = await lateness(others, CALM_MS);
    const ids = new Set(await world.store.connectionsOf(slow.actorId));
    const [strikes, end] = strikeSome(
      world,
      (call) => ids.has(connectionOf(call)),
      async () => answer(429),
    );
    const during = await lateness(others, SLOW_MS);
    end();
    const after = await lateness(others, CALM_MS);
    if (during > 2 * Math.max(before, after) + ALLOWED_MS) {
      const calm = `${before} and ${after} ms before and after`;
      world.complain(`${slow.name} was slow, and the others heard ${during} ms late (p95), ${calm}`);
    }
    return strikes();
  },
};

/** Measures for `ms` how long events take from their append until readers apply them. @returns 95th percentile, ms */
async function lateness(readers: readonly Person[], ms: number): Promise<number> {
  const lags: number[] = [];
  const forget = readers.map(({ client }) =>
    client.subscribe(({ arrived }) => lags.push(...arrived.map(({ at }) => Date.now() - at))),
  );
  await sleep(ms);
  for (const stop of forget) stop();
  return lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.95)] ?? Number.POSITIVE_INFINITY;
}

/** Answers posts to a reader's old connection with 410, but so late that the reader may already have a new one. */
const goneRacesReconnect: Fault = {
  name: 'gone-races-reconnect',
  number: 6,
  inject: async (world, ms) => {
    const until = Date.now() + ms;
    const old = new Set<string>();
    const [strikes, end] = strikeSome(
      world,
      (call) => old.has(connectionOf(call)),
      async () => {
        await sleep(800);
        return answer(410);
      },
    );
    while (Date.now() < until) {
      const person = world.random.pick(world.readers);
      for (const id of await world.store.connectionsOf(person.actorId)) old.add(id);
      await sleep(world.random.between(0, 300));
      person.line.cut();
      await sleep(world.random.between(200, 1_000));
    }
    end();
    return strikes();
  },
};

/**
 * Drops one reader's post of the last event before a silence. No later event shows the reader the gap, so only the pong
 * to its next ping does.
 */
const lastMessageLost: Fault = {
  name: 'last-message-lost',
  number: 15,
  alone: true,
  inject: async (world) => {
    await world.converge();
    const unlucky = world.random.pick(world.readers);
    const ids = new Set(await world.store.connectionsOf(unlucky.actorId));
    const [strikes, end] = strikeSome(
      world,
      (call) => ids.has(connectionOf(call)),
      async () => answer(200),
    );
    const said = Date.now();
    world.random.pick(world.writers).say();
    const took = await world.converge();
    end();
    if (strikes() > 0 && took > HEARTBEAT_MS + 5_000)
      world.complain(`${unlucky.name} got the last message of ${new Date(said).toISOString()} after ${took} ms`);
    return strikes();
  },
};

export const oneReaderFaults: Fault[] = [slowReader, goneRacesReconnect, lastMessageLost];
