import type { Fault } from '../../faults/fault.ts';
import type { World } from '../world.ts';

const AWAY_MS = 10 * 60_000;

/** An append is made, its answer lost with the line, and the client sends it again ten minutes later. */
export const latecomer: Fault<World> = {
  name: 'retry-after-ten-minutes',
  number: 9,
  alone: true,
  inject: async (world) => {
    const { time } = world;
    const person = await world.join(`latecomer${time.elapsed.toFixed(0)}`);
    world.visitors.push(person);
    await world.until(() => person.client.snapshot.connection === 'live');
    const id = person.client.post(`${person.name} once`);
    await new Promise<void>((resolve) => {
      const end = world.database.interventions.add(async (call, forward) => {
        if (call.operation !== 'PutItem' || call.input.Item.id !== `${person.actorId}:${id}`) return forward(call);
        const answer = await forward(call);
        person.line.set('refusing');
        end();
        resolve();
        return answer;
      });
    });
    world.stopTraffic();
    await time.sleep(AWAY_MS);
    person.line.set('open');
    const heard = await world.until(() => person.client.snapshot.outgoing.length === 0);
    if (!heard) world.complain(`${person.name} was never told that its message is there`);
    person.client.close();
    return 1;
  },
};
