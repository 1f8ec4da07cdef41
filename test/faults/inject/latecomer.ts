import { realTimers, type Timers } from '../../../web/client/lifetime.ts';
import type { Fault } from '../fault.ts';
import { json, on } from '../proxies/dynamodb.ts';

/** The client's clock runs this many times as fast, so that ten minutes pass in twenty seconds. */
const FASTER = 30;
const AWAY_MS = 10 * 60_000;

const fastTimers: Timers = { ...realTimers, setTimeout: (run, ms) => realTimers.setTimeout(run, ms / FASTER) };

/**
 * Lets a client's message be appended, but cuts the client's line before the ack arrives. Ten minutes later by its own
 * clock, the client is back and sends the message again.
 */
export const latecomer: Fault = {
  name: 'retry-after-ten-minutes',
  number: 9,
  inject: async (world) => {
    const began = Date.now();
    const now = () => began + (Date.now() - began) * FASTER;
    const person = await world.join(`latecomer${began}`, { client: { timers: fastTimers, now } });
    world.visitors.push(person);
    await world.until(async () => person.client.snapshot.connection === 'live');
    const id = person.client.post(`${person.name} once`);
    const appended = new Promise<void>((resolve) => {
      const end = world.backEnd.storage.intervene(
        on(['PutItem'], async (call, forward) => {
          if (json<{ Item: { id?: { S: string } } }>(call).Item.id?.S !== `${person.actorId}:${id}`)
            return forward(call);
          const reply = await forward(call);
          if (reply.status !== 200) return reply;
          person.line.set('refusing');
          end();
          resolve();
          return reply;
        }),
      );
    });
    await appended;
    const back = now() + AWAY_MS;
    await world.until(async () => now() >= back);
    person.line.set('open');
    const heard = await world.until(async () => person.client.snapshot.outgoing.length === 0);
    if (!heard) world.complain(`${person.name} was never told that its message is there`);
    await person.leave();
    return 1;
  },
};
