import { expect, it } from 'vitest';
import { retryAfter, take } from './rate-limit.ts';
import { roomBucket } from './room-capacity.ts';

/** Sends as fast as they come, and returns how many were admitted in the first `ms`. */
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
