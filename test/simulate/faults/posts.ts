import type { Fault } from '../../faults/fault.ts';
import type { Random } from '../../faults/random.ts';
import type { Post, Status } from '../api-gateway.ts';
import type { Intervention } from '../interventions.ts';
import type { VirtualTime } from '../time.ts';
import type { World } from '../world.ts';

type Strike = (forward: () => Promise<Status>, random: Random, time: VirtualTime) => Promise<Status>;

/** @returns how often it struck so far, and what ends it */
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

/** The connection breaks, so the caller does not know whether the post arrived. */
const failing = postFault('posts-failing', 7, 0.5, async (forward, random, time) => {
  const kind = random.int(5);
  if (kind === 0) return 500;
  if (kind === 1) return 'no answer';
  const lateMs = random.between(1_000, 2_000);
  // Longer than a post's time-out, so it may arrive after later ones.
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

export const postFaults: Fault<World>[] = [
  postFault('posts-throttled', 5, 0.9, async () => 429),
  // 410 for open connections: their rows are removed, and their clients must notice.
  postFault('posts-gone', 6, 0.2, async () => 410),
  failing,
  delayed,
  // Answers 200 without delivering the frame.
  postFault('posts-lost', 15, 0.3, async () => 200),
  // Answers nothing until the fault ends.
  postFault('posts-silent', 7, 1, () => new Promise(() => {})),
];
