import type { Fault } from '../../faults/fault.ts';
import type { Random } from '../../faults/random.ts';
import { STATE_TABLE } from '../../tables.ts';
import type { Post, Status } from '../api-gateway.ts';
import type { Intervention } from '../interventions.ts';
import type { VirtualTime } from '../time.ts';
import type { World } from '../world.ts';

type Strike = (forward: () => Promise<Status>, random: Random, time: VirtualTime) => Promise<Status>;

/**
 * Applies `strike` to the chosen posts.
 * @returns a function that returns the number of strikes so far, and a function that ends the fault
 */
export function strikePosts(
  { gateway, random, time }: World,
  chosen: (post: Post) => boolean,
  strike: Strike,
): [strikes: () => number, end: () => void] {
  let strikes = 0;
  const intervention: Intervention<Post, Status> = (post, forward) => {
    if (!chosen(post)) return forward(post);
    strikes++;
    return strike(() => forward(post), random, time);
  };
  return [() => strikes, gateway.posts.add(intervention)];
}

function postFault(name: string, number: number, share: number, strike: Strike): Fault<World> {
  return {
    name,
    number,
    inject: async (world, ms) => {
      const [strikes, end] = strikePosts(world, () => world.random.chance(share), strike);
      await world.time.sleep(ms);
      end();
      return strikes();
    },
  };
}

/** Answers 500, gives no answer, or delays the post or its answer. The caller can't know if the post arrived. */
const failing = postFault('posts-failing', 7, 0.5, async (forward, random, time) => {
  const kind = random.int(5);
  if (kind === 0) return 500;
  if (kind === 1) return 'no answer';
  const lateMs = random.between(1_000, 2_000);
  // The delay is at least as long as the caller's time-out, so a delayed post may arrive after later posts.
  if (kind === 2) {
    await time.sleep(lateMs);
    return forward();
  }
  const status = await forward();
  if (kind === 3) return 'no answer';
  await time.sleep(lateMs);
  return status;
});

const delayed = postFault('posts-delayed', 7, 0.7, async (forward, random, time) => {
  await time.sleep(random.between(0, 400));
  return forward();
});

/**
 * Number of connections. A fan-out posts to 100 of them at a time, with up to three attempts at each post. At almost a
 * second for each attempt, posting to all of them would take longer than an invocation may run.
 */
const CROWD = 2_500;
const LONGER_THAN_AN_INVOCATION_MS = 70_000;

/** Adds a crowd of connections. Each attempt to post to one of them is answered with 500 just before its time-out. */
const crawling: Fault<World> = {
  name: 'posts-crawling',
  number: 7,
  alone: true,
  inject: async (world) => {
    const { time, room } = world;
    const inCrowd = (id: string) => id.startsWith('crowd');
    const ids = Array.from({ length: CROWD }, (_, n) => `crowd${n}=`);
    const keyOf = (id: string) => ({ pk: `CONN#${id}`, sk: 'CONN' });
    const [connectedAt, expiresAt] = [time.now() - 60_000, Math.ceil(time.now() / 1_000) + 7_200];
    for (const id of ids)
      world.write(STATE_TABLE, keyOf(id), { ...keyOf(id), connectionId: id, room, connectedAt, expiresAt });
    const [strikes, end] = strikePosts(
      world,
      ({ connectionId }) => inCrowd(connectionId),
      async () => {
        await time.sleep(950);
        return 500;
      },
    );
    await time.sleep(LONGER_THAN_AN_INVOCATION_MS);
    for (const id of ids) world.write(STATE_TABLE, keyOf(id));
    end();
    return strikes();
  },
};

/** Refuses every post, as if a permission was missing. A log line and a counter must report this. */
const refused: Fault<World> = {
  name: 'posts-refused',
  number: 18,
  alone: true,
  inject: async (world, ms) => {
    const heard = (line: RegExp) =>
      [...world.told].reduce((sum, [told, count]) => sum + (line.test(told) ? count : 0), 0);
    const lines = [/^error fanned out 403$/, /^Rejected /];
    const before = lines.map(heard);
    const [strikes, end] = strikePosts(
      world,
      () => true,
      async () => 403,
    );
    await world.time.sleep(ms);
    end();
    const silent = lines.filter((line, index) => strikes() > 0 && heard(line) === before[index]);
    if (silent.length > 0) world.complain(`${strikes()} posts were refused, and nothing was told of ${silent}`);
    return strikes();
  },
};

export const postFaults: Fault<World>[] = [
  postFault('posts-throttled', 5, 0.9, async () => 429),
  // Answers 410 for open connections. The fan-out removes the rows of those older than 30 s, and their clients must
  // notice that they get no more events.
  postFault('posts-gone', 6, 0.2, async () => 410),
  failing,
  delayed,
  // Answers 200 without delivering the frame.
  postFault('posts-lost', 15, 0.3, async () => 200),
  crawling,
  refused,
  // Leaves every post unanswered.
  postFault('posts-silent', 7, 1, () => new Promise(() => {})),
];
