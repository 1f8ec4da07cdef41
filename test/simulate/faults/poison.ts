import { eventId } from '../../../src/domain/feed/event-id.ts';
import type { Fault } from '../../faults/fault.ts';
import { EVENTS_TABLE } from '../../tables.ts';
import { failure } from '../database.ts';
import type { World } from '../world.ts';

/** Puts unreadable items into the Events table. Their stream records must be logged, and must not block the room. */
const poison: Fault<World> = {
  name: 'poison-record',
  number: 14,
  inject: async (world, ms) => {
    const { time, random, room } = world;
    const noticed = () =>
      [...world.told].reduce((sum, [line, count]) => sum + (/record skipped/.test(line) ? count : 0), 0);
    const before = noticed();
    const until = time.now() + ms;
    let strikes = 0;
    while (time.now() < until) {
      const id = `poison-${time.elapsed.toFixed(0)}-${strikes++}`;
      world.put({ id, ...random.pick(broken) });
      await time.sleep(random.between(100, 1_000));
      world.write(EVENTS_TABLE, { room, id });
    }
    const counted = await world.until(() => noticed() - before >= strikes);
    if (!counted) world.complain(`of ${strikes} poison records ${noticed() - before} were noticed`);
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
 * Makes every transaction fail that contains one chosen event. The batch with the event is parked (queued for another
 * try), and later split until the event is alone. The room goes on without the event. After the fault, a retry by the
 * queue or a redrive by an operator numbers the event.
 */
const parked: Fault<World> = {
  name: 'event-parked',
  number: 14,
  alone: true,
  inject: async (world) => {
    const { time } = world;
    const actor = { id: world.issuer.actorOf('unlucky'), name: 'unlucky' };
    const id = eventId(actor.id, time.elapsed.toFixed(0));
    let strikes = 0;
    const end = world.database.interventions.add((call, forward) => {
      if (call.operation !== 'TransactWriteItems' || !JSON.stringify(call.input).includes(id)) return forward(call);
      strikes++;
      throw failure('ValidationException');
    });
    const { sent } = world.queue;
    world.put({ id, type: 'MessagePosted', v: 1, at: time.now(), actor, data: { text: `unlucky ${id}` } });
    if (!(await world.until(() => world.queue.sent > sent))) world.complain(`${id} was never parked`);
    const { seq } = world.head;
    if (!(await world.until(() => world.head.seq > seq))) world.complain('the room stood still');
    end();
    if (world.random.chance(0.5)) await world.redrive();
    const numbered = () => world.items.some((item) => item.id === id && item.seq !== undefined);
    if (!(await world.until(numbered))) world.complain(`${id} has no number after a redrive`);
    return strikes;
  },
};

export const poisonFaults: Fault<World>[] = [poison, parked];
