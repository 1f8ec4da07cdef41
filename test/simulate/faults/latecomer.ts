import type { Fault } from '../../faults/fault.ts';
import type { World } from '../world.ts';

const AWAY_MS = 10 * 60_000;
/** Longer than the second for which the functions cache rules (src/infra/dynamodb/room-rules.ts), ms. */
const RULES_KNOWN_MS = 1_100;

/** Lets a message be appended, but breaks the client's line before the ack. The client retries ten minutes later. */
export const latecomer: Fault<World> = {
  name: 'retry-after-ten-minutes',
  number: 9,
  alone: true,
  inject: async (world) => {
    const { time } = world;
    // Waits until the room is unlocked and the functions no longer cache the lock. Otherwise they refuse the message.
    await world.converge();
    await time.sleep(RULES_KNOWN_MS);
    const person = await world.join(`latecomer${time.elapsed.toFixed(0)}`);
    world.visitors.push(person);
    await world.until(() => person.client.snapshot.connection === 'live');
    const id = person.client.post(`${person.name} once`);
    let appended = false;
    const end = world.database.interventions.add(async (call, forward) => {
      if (call.operation !== 'PutItem' || call.input.Item.id !== `${person.actorId}:${id}`) return forward(call);
      const answer = await forward(call);
      person.line.set('refusing');
      appended = true;
      return answer;
    });
    if (!(await world.until(() => appended))) world.complain(`the message of ${person.name} was never appended`);
    end();
    await time.sleep(AWAY_MS);
    person.line.set('open');
    const heard = await world.until(() => person.client.snapshot.outgoing.length === 0);
    if (!heard) world.complain(`${person.name} was never told that its message is there`);
    person.client.close();
    return 1;
  },
};
