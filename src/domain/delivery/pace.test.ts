import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { encode } from './frames.ts';
import { paced } from './pace.ts';

const frame = encode({ type: 'events', room: 'lobby', epoch: 'e', events: [] });

const { signal } = new AbortController();
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/**
 * Starts callers, each of which posts again as soon as its last post has ended.
 * @returns the times at which posts began, and the time at which the callers started
 */
function posting(callers: number, perSecond: number) {
  const began: number[] = [];
  const gateway = paced(
    {
      post: async () => {
        began.push(Date.now());
        return 'delivered';
      },
      close: async () => {},
    },
    perSecond,
    Date.now,
    sleep,
  );
  const start = Date.now();
  for (let caller = 0; caller < callers; caller++) {
    void (async () => {
      while (Date.now() - start < 3_000) await gateway.post('a', frame, signal);
    })();
  }
  return { began, start };
}

it('never begins more posts in a second than allowed, and hardly fewer', async () => {
  const { began, start } = posting(100, 500);
  await vi.advanceTimersByTimeAsync(3_000);
  for (const second of [0, 1, 2]) {
    const count = began.filter((at) => Math.floor((at - start) / 1_000) === second).length;
    expect(count).toBeGreaterThan(490);
    expect(count).toBeLessThanOrEqual(502);
  }
});

it('closes connections at once', async () => {
  const closed: string[] = [];
  const gateway = paced(
    { post: async () => 'delivered', close: async (id) => void closed.push(id) },
    1,
    Date.now,
    sleep,
  );
  await gateway.close('a');
  expect(closed).toEqual(['a']);
});

it('saves nothing up while nobody posts', async () => {
  const began: number[] = [];
  const post = async () => {
    began.push(Date.now());
    return 'delivered' as const;
  };
  const gateway = paced({ post, close: async () => {} }, 100, Date.now, sleep);
  await vi.advanceTimersByTimeAsync(10_000);
  const posts = Promise.all(Array.from({ length: 50 }, () => gateway.post('a', frame, signal)));
  await vi.advanceTimersByTimeAsync(1_000);
  await posts;
  expect(began.at(-1)! - began[0]!).toBeGreaterThanOrEqual(480);
});

it('does not sleep for less than timers can tell', async () => {
  const slept: number[] = [];
  const gateway = paced({ post: async () => 'delivered', close: async () => {} }, 500, Date.now, async (ms) => {
    slept.push(ms);
  });
  await Promise.all([1, 2, 3].map(() => gateway.post('a', frame, signal)));
  expect(slept).toEqual([4]);
});
