import { describe, expect, it } from 'vitest';
import { ShoutError } from '../errors.ts';
import { retryAfter, take } from './rate-limit.ts';
import { admitToRoom, roomBucket } from './room-capacity.ts';

/**
 * Asks a room's bucket to admit one message of each size in `bytes` every millisecond, for `ms` milliseconds. Returns
 * how many messages it admitted, by position in `bytes`.
 */
function admitted(bytes: readonly number[], ms: number): number[] {
  const counts = bytes.map(() => 0);
  let fullAt: number | undefined;
  for (let now = 0; now < ms; now++) {
    for (const [index, size] of bytes.entries()) {
      const bucket = roomBucket(size);
      if (retryAfter(bucket, fullAt, now) > 0) continue;
      fullAt = take(bucket, fullAt, now);
      counts[index]!++;
    }
  }
  return counts;
}

it('a room takes 250 messages a second, and 500 at once', () => {
  expect(admitted([100], 1)).toEqual([1]);
  const [ten] = admitted(Array(20).fill(100), 10_000).map((_, __, all) => all.reduce((sum, n) => sum + n));
  expect(ten).toBeGreaterThan(2_900);
  expect(ten).toBeLessThan(3_010);
});

it('large messages take as much as what is written for them', () => {
  const [, , , four] = [1, 2, 3, 4].map((kilobytes) =>
    admitted(Array(20).fill(kilobytes * 1_024 - 400), 10_000).reduce((sum, n) => sum + n),
  );
  expect(four).toBeGreaterThan(700);
  expect(four).toBeLessThan(760);
});

describe('a message near the ceiling of its room', () => {
  const admit = (error: Error, random: number) =>
    admitToRoom({ take: () => Promise.reject(error) }, 'lobby', 100, () => random);

  it('takes from the bucket of the room, by its size', async () => {
    const taken: unknown[][] = [];
    await admitToRoom({ take: async (...args: unknown[]) => void taken.push(args) }, 'lobby', 1_500, () => 0);
    expect(taken).toEqual([['lobby', { burst: 250, perSecond: 125 }]]);
  });

  it('that is refused waits as long as it must, and up to a second more, so that not all return together', async () => {
    const refused = new ShoutError('rate_limited', 'Too fast.', { retryAfterMs: 500 });
    for (const [random, retryAfterMs] of [
      [0, 500],
      [0.25, 750],
      [0.9999, 1_500],
    ] as const) {
      await expect(admit(refused, random)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs });
    }
    await expect(admit(refused, 0)).rejects.toThrow(/room takes no more messages/);
  });

  it.each([
    ['a wait nobody named', new ShoutError('unavailable', 'The table is busy.')],
    ['a defect', Object.assign(new Error('broken'), { retryAfterMs: 500 })],
  ])('does not hide %s', async (_what, error) => await expect(admit(error, 0)).rejects.toBe(error));
});
