import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { World } from '../world.ts';

async function killMidBurst(world: World): Promise<void> {
  for (const writer of world.writers) writer.burst(20);
  await sleep(world.random.between(20, 400));
  await world.backEnd.kill();
}

/** Kills the stack and the database during a burst. Acked messages must be in the log, and all clients reconnect. */
const stackKilled: Fault = {
  name: 'stack-killed',
  number: 16,
  alone: true,
  inject: async (world, ms) => {
    await sleep(ms / 2);
    await killMidBurst(world);
    await sleep(world.random.between(0, 2_000));
    await world.backEnd.startAgain();
    return 1;
  },
};

/** Restarts the stack while the issuer is down. Until the stack gets the issuer's keys, it can't check any token. */
const coldStart: Fault = {
  name: 'cold-start-without-issuer',
  number: 11,
  alone: true,
  inject: async (world, ms) => {
    await killMidBurst(world);
    world.backEnd.issuer.mode = 'failing';
    await world.backEnd.startAgain();
    await sleep(ms);
    world.backEnd.issuer.mode = 'up';
    return 1;
  },
};

export const processFaults: Fault[] = [stackKilled, coldStart];
