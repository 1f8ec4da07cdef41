import type { Fault } from '../../faults/fault.ts';
import { invocation } from '../lambda.ts';
import { Trigger } from '../trigger.ts';
import type { World } from '../world.ts';
import { reordering } from './stream.ts';

/**
 * Returns a fault that kills invocations again and again. `arm` adds an intervention and returns a function
 * that removes the intervention. The intervention calls `die` to kill the current invocation.
 */
function dying(name: string, arm: (world: World, die: () => Promise<never>) => () => void): Fault<World> {
  return {
    name,
    number: 1,
    inject: async (world, ms) => {
      let strikes = 0;
      const die = (): Promise<never> => {
        const by = invocation();
        strikes += world.lambda.kill((other) => other === by);
        return new Promise(() => {});
      };
      const end = arm(world, die);
      await world.time.sleep(ms);
      end();
      return strikes;
    },
  };
}

const isFanOut = () => invocation()?.name === 'fanOut';

const midPosts = dying('fan-out-dies-mid-posts', ({ gateway, random }, die) => {
  let left = random.int(30);
  return gateway.posts.add((post, forward) => {
    if (left-- > 0) return forward(post);
    left = random.int(30);
    return die();
  });
});

const beforeTransaction = dying('fan-out-dies-before-transaction', ({ database, random }, die) =>
  database.interventions.add((call, forward) =>
    call.operation === 'TransactWriteItems' && isFanOut() && random.chance(0.5) ? die() : forward(call),
  ),
);

const afterTransaction = dying('fan-out-dies-after-transaction', ({ database, random }, die) =>
  database.interventions.add(async (call, forward) => {
    if (call.operation !== 'TransactWriteItems' || !isFanOut() || !random.chance(0.5)) return forward(call);
    await forward(call);
    return die();
  }),
);

function triggerDies(name: string, meanwhile: (world: World) => void): Fault<World> {
  return {
    name,
    number: 13,
    inject: async (world, ms) => {
      const { time, trigger, random } = world;
      const until = time.now() + ms;
      let strikes = 0;
      do {
        await time.sleep(random.between(300, 2_000));
        trigger.kill();
        meanwhile(world);
        await time.sleep(random.between(0, 2_000));
        trigger.start();
        strikes++;
      } while (time.now() < until);
      return strikes;
    },
  };
}

/** Runs two more triggers, each with its own order of records, so that three fan-outs number the same events. */
const concurrently: Fault<World> = {
  name: 'batches-concurrently',
  number: 2,
  inject: async (world, ms) => {
    const { time, random, stream } = world;
    const twins = [0, 1].map(() => {
      const { stream: shuffled } = reordering(stream, random);
      return new Trigger({ ...world, stream: shuffled, random, givenUp: () => {} });
    });
    for (const twin of twins) twin.start();
    const end = world.database.interventions.add(async (call, forward) => {
      if (call.operation === 'TransactWriteItems') await time.sleep(random.between(0, 30));
      return forward(call);
    });
    const waking = world.stream.onAdd(() => {
      for (const twin of twins) twin.wake();
    });
    await time.sleep(ms);
    waking();
    end();
    for (const twin of twins) twin.kill();
    return 1;
  },
};

export const triggerFaults: Fault<World>[] = [
  midPosts,
  beforeTransaction,
  afterTransaction,
  triggerDies('trigger-killed', () => {}),
  triggerDies('checkpoint-lost', ({ trigger }) => trigger.loseCheckpoints()),
  concurrently,
];
