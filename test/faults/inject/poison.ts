import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventId } from '../../../src/domain/feed/event-id.ts';
import type { Fault } from '../fault.ts';
import { exception, on } from '../proxies/dynamodb.ts';

/** Puts unreadable items into the Events table. Their stream records must not block the room, and must be logged. */
const poison: Fault = {
  name: 'poison-record',
  number: 14,
  inject: async (world, ms) => {
    const log = () => readFile(join(world.backEnd.dir, 'local.log'), 'utf8');
    const noticed = async () => (await log()).split('record skipped').length - 1;
    const before = await noticed();
    const until = Date.now() + ms;
    let strikes = 0;
    while (Date.now() < until) {
      const id = `poison-${until}-${strikes++}`;
      await world.store.put({ id, ...world.random.pick(broken) });
      await sleep(world.random.between(100, 1_000));
      await world.store.remove(id);
    }
    const counted = await world.until(async () => (await noticed()) - before >= strikes);
    if (!counted) world.complain(`of ${strikes} poison records ${(await noticed()) - before} were noticed`);
    return strikes;
  },
};

const broken: Record<string, unknown>[] = [
  {},
  { type: 'MessagePosted', at: 'now', actor: { id: 'nobody' }, data: {} },
  { type: 'MessagePosted', at: 1, actor: 'nobody', data: { text: 'poison' } },
  { type: 17, at: 1, actor: { id: 'nobody' }, data: null },
];

/**
 * Adds an event, and refuses every transaction that contains it. So the event is parked, which means that it is put
 * into a queue, and the room goes on without it. After the fault, the function `redrive` or the command
 * `npm run redrive` numbers and delivers the event.
 */
const parked: Fault = {
  name: 'event-parked',
  number: 14,
  alone: true,
  inject: async (world) => {
    const actor = { id: world.backEnd.issuer.actorOf('unlucky'), name: 'unlucky', role: 'moderator' };
    const id = eventId(actor.id, Date.now().toString(36));
    // The event may lock the room. take-back.ts unlocks the room after the round, so that people can write in the next
    // round.
    const body = world.random.chance(0.5)
      ? { type: 'MessagePosted', data: { text: 'unlucky' } }
      : { type: 'RoomChanged', data: { locked: true } };
    let strikes = 0;
    const end = world.backEnd.storage.intervene(
      on(['TransactWriteItems'], async (call, forward) => {
        if (!call.body.includes(id)) return forward(call);
        strikes++;
        return exception('ValidationException');
      }),
    );
    await world.store.put({ id, ...body, v: 1, at: Date.now(), actor });
    const waits = await world.until(async () => (await world.backEnd.parked()).includes(id));
    if (!waits) world.complain(`${id} was never parked`);
    const { seq } = await world.store.head();
    if (!(await world.until(async () => (await world.store.head()).seq > seq))) world.complain('the room stood still');
    end();
    if (world.random.chance(0.5)) await world.backEnd.npmRun('redrive');
    const numbered = async () => (await world.store.log()).some((entry) => entry.id === id && entry.seq !== undefined);
    if (!(await world.until(numbered))) world.complain(`${id} has no number after a redrive`);
    return strikes;
  },
};

export const poisonFaults: Fault[] = [poison, parked];
