import type { Fault } from '../../faults/fault.ts';
import type { World } from '../world.ts';

async function killMidBurst(world: World): Promise<number> {
  for (const writer of world.writers) writer.burst(20);
  await world.time.sleep(world.random.between(20, 400));
  world.trigger.kill();
  return world.lambda.kill();
}

/**
 * Kills the stream's trigger and all invocations during a burst. Then cuts all connections, and refuses new ones for up
 * to 2 s. Acked messages must be in the log, and every client must return.
 */
const stackKilled: Fault<World> = {
  name: 'stack-killed',
  number: 16,
  alone: true,
  inject: async (world, ms) => {
    await world.time.sleep(ms / 2);
    await killMidBurst(world);
    for (const { line } of [...world.persons, ...world.recorders]) line.set('refusing');
    await world.time.sleep(world.random.between(0, 2_000));
    for (const { line } of [...world.persons, ...world.recorders]) line.set('open');
    world.trigger.start();
    return 1;
  },
};

/**
 * Kills the stream's trigger and all invocations, and cuts the connections of `world.persons`. The new processes do not
 * have the issuer's keys, and cannot fetch them while the issuer is down. So nobody can connect with a token until the
 * issuer is back.
 */
const coldStart: Fault<World> = {
  name: 'cold-start-without-issuer',
  number: 11,
  alone: true,
  inject: async (world, ms) => {
    await killMidBurst(world);
    world.issuer.mode = 'failing';
    world.verifier.forget();
    for (const { line } of world.persons) line.cut();
    world.trigger.start();
    await world.time.sleep(ms);
    world.issuer.mode = 'up';
    return 1;
  },
};

/** Kills random invocations of all functions again and again. */
const functionsDie: Fault<World> = {
  name: 'functions-killed',
  number: 16,
  inject: async ({ lambda, time, random }, ms) => {
    const until = time.now() + ms;
    let strikes = 0;
    while (time.now() < until) {
      await time.sleep(random.between(10, 500));
      strikes += lambda.kill(() => random.chance(0.5));
    }
    return strikes;
  },
};

export const processFaults: Fault<World>[] = [stackKilled, coldStart, functionsDie];
