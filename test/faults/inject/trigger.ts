import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { on } from '../proxies/dynamodb.ts';
import { type Intervention, reset } from '../proxies/http-proxy.ts';
import { seesNothing, TriggerProcess } from '../trigger-process.ts';
import type { World } from '../world.ts';
import { Reordering } from './stream.ts';

/**
 * Returns a fault in which a separate {@link TriggerProcess} calls fanOut, while the stack's own trigger gets no
 * records. `once` kills the separate trigger, which is then started again. This repeats until the time is over.
 */
function instead(
  name: string,
  number: number,
  once: (trigger: TriggerProcess, world: World) => Promise<unknown>,
): Fault {
  return {
    name,
    number,
    inject: async (world, ms) => {
      const trigger = await TriggerProcess.start(world.backEnd, name);
      const showAgain = world.backEnd.storage.intervene(seesNothing);
      const until = Date.now() + ms;
      let strikes = 0;
      do {
        await once(trigger, world);
        await trigger.start();
        strikes++;
      } while (Date.now() < until);
      await trigger.stop();
      showAgain();
      return strikes;
    },
  };
}

/**
 * Kills the trigger during one of its calls. `strike` returns an intervention that calls `die` at the chosen call.
 * Resolves when the trigger is dead.
 */
function dying(
  trigger: TriggerProcess,
  where: 'storage' | 'posts',
  strike: (die: () => Promise<never>) => Intervention,
): Promise<void> {
  return new Promise((resolve) => {
    let dead = false;
    const die = async (): Promise<never> => {
      if (!dead) {
        dead = true;
        await trigger.kill();
        end();
        resolve();
      }
      throw reset;
    };
    const end = trigger[where].intervene(strike(die));
  });
}

const midPosts = instead('fan-out-dies-mid-posts', 1, (trigger, { random }) => {
  let left = 1 + random.int(30);
  return dying(trigger, 'posts', (die) => (call, forward) => (left-- > 0 ? forward(call) : die()));
});

const beforeTransaction = instead('fan-out-dies-before-transaction', 1, (trigger) =>
  dying(trigger, 'storage', (die) => on(['TransactWriteItems'], () => die())),
);

const afterTransaction = instead('fan-out-dies-after-transaction', 1, (trigger) =>
  dying(trigger, 'storage', (die) =>
    on(['TransactWriteItems'], async (call, forward) => {
      await forward(call);
      return die();
    }),
  ),
);

const killed = instead('trigger-killed', 13, async (trigger, { random }) => {
  await sleep(random.between(300, 1_500));
  await trigger.kill();
});

const checkpointLost = instead('checkpoint-lost', 13, async (trigger, { random }) => {
  await sleep(random.between(1_000, 2_000));
  await trigger.kill();
  await trigger.loseCheckpoints();
});

/**
 * Runs two more triggers besides the stack's own. Each of the two gets the records in its own order. All three triggers
 * number the same events.
 */
const concurrently: Fault = {
  name: 'batches-concurrently',
  number: 2,
  inject: async (world, ms) => {
    const triggers = await Promise.all(
      ['concurrently-a', 'concurrently-b'].map((name) => TriggerProcess.start(world.backEnd, name)),
    );
    let strikes = 0;
    const race: Intervention = on(['TransactWriteItems'], async (call, forward) => {
      strikes++;
      await sleep(world.random.between(0, 30));
      return forward(call);
    });
    const proxies = [world.backEnd.storage, ...triggers.map(({ storage }) => storage)];
    const [end] = proxies.map((proxy) => proxy.intervene(race));
    for (const { storage } of triggers) storage.intervene(new Reordering(world.random).intervention);
    await Promise.all([sleep(ms), world.until(async () => strikes > 0)]);
    await Promise.all(triggers.map((trigger) => trigger.stop()));
    end!();
    return strikes;
  },
};

export const triggerFaults: Fault[] = [
  midPosts,
  beforeTransaction,
  afterTransaction,
  killed,
  checkpointLost,
  concurrently,
];
