import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { type Call, type Intervention, type Reply, reset } from '../proxies/http-proxy.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

type Strike = (call: Call, forward: (call: Call) => Promise<Reply>, random: Random) => Promise<Reply>;

/** Returns an empty answer of API Gateway's `@connections` with this status. */
export function answer(status: number): Reply {
  return { status, headers: {}, body: Buffer.alloc(0) };
}

export function connectionOf({ path }: Call): string {
  return decodeURIComponent(path.split('/@connections/')[1] ?? '');
}

function postFault(name: string, number: number, share: number, strike: Strike): Fault {
  return {
    name,
    number,
    inject: async (world, ms) => {
      const [strikes, end] = strikeSome(world, () => world.random.chance(share), strike);
      await sleep(ms);
      end();
      return strikes();
    },
  };
}

/** Applies `strike` to the chosen posts. `strikes` returns the number of strikes so far, and `end` ends the fault. */
export function strikeSome(
  { backEnd: { posts }, random }: World,
  chosen: (call: Call) => boolean,
  strike: Strike,
): [strikes: () => number, end: () => void] {
  let strikes = 0;
  const intervention: Intervention = (call, forward) => {
    if (call.method !== 'POST' || !chosen(call)) return forward(call);
    strikes++;
    return strike(call, forward, random);
  };
  return [() => strikes, posts.intervene(intervention)];
}

const throttled = postFault('posts-throttled', 5, 0.9, async () => answer(429));

/** Answers 410 for open connections. The stack then forgets those older than 30 s, and their clients must notice. */
const gone = postFault('posts-gone', 6, 0.2, async () => answer(410));

/** Answers 500, breaks the connection, or delays the post or its answer. The caller cannot know if the post arrived. */
const failing = postFault('posts-failing', 7, 0.5, async (call, forward, random) => {
  const kind = random.int(5);
  if (kind === 0) return answer(500);
  if (kind === 1) throw reset;
  const late = sleep(random.between(1_000, 2_000));
  // The delay is at least the time-out of the caller (1 s). So the caller gives up, and its next post may arrive before
  // this one.
  if (kind === 2) return late.then(() => forward(call));
  const reply = await forward(call);
  if (kind === 3) throw reset;
  await late;
  return reply;
});

const delayed = postFault('posts-delayed', 7, 0.7, async (call, forward, random) => {
  await sleep(random.between(0, 400));
  return forward(call);
});

/** Answers 200 without delivering the frame. */
const lost = postFault('posts-lost', 15, 0.3, async () => answer(200));

export const postFaults: Fault[] = [throttled, gone, failing, delayed, lost];
