import { describe, expect, it } from 'vitest';
import type { ChargingRateLimiter } from '../../src/domain/ports/rate-limiter.ts';

export interface RateLimiterSubject {
  /** The adapter under test. Each of its buckets is a {@link BUCKET}. */
  limiter: ChargingRateLimiter;
  /** Lets this many milliseconds pass. */
  pass(ms: number): void;
}

export const BUCKET = { burst: 3, perSecond: 1, debtMs: 200_000 };
let keys = 0;

/**
 * The contract of every adapter of `ChargingRateLimiter`.
 * @param subject returns the adapter under test and its clock, the same ones at each call
 */
export function rateLimiterContract(subject: () => RateLimiterSubject): void {
  const unique = () => `key-${process.pid}-${keys++}`;
  const takeAll = async (key: string) => {
    for (let i = 0; i < BUCKET.burst; i++) await subject().limiter.take(key);
  };

  describe('a bucket', () => {
    it('given a full one, then the burst goes through and the next is told when to come back', async () => {
      const key = unique();
      await takeAll(key);
      const refusal = { code: 'rate_limited', retryAfterMs: 1_000 };
      await expect(subject().limiter.take(key)).rejects.toMatchObject(refusal);
    });

    it('given an empty one, when the wait is over, then exactly one goes through', async () => {
      const key = unique();
      await takeAll(key);
      subject().pass(1_000);
      await subject().limiter.take(key);
      await expect(subject().limiter.take(key)).rejects.toMatchObject({ code: 'rate_limited' });
    });

    it('given an empty one, when much time passes, then it is full and not fuller', async () => {
      const key = unique();
      await takeAll(key);
      subject().pass(3_600_000);
      await takeAll(key);
      await expect(subject().limiter.take(key)).rejects.toMatchObject({ code: 'rate_limited' });
    });

    it('given one that was emptied by a machine whose clock is minutes ahead, then nobody waits for that clock', async () => {
      const key = unique();
      subject().pass(300_000);
      await takeAll(key);
      subject().pass(-300_000);
      await takeAll(key);
      const refusal = { code: 'rate_limited', retryAfterMs: 1_000 };
      await expect(subject().limiter.take(key)).rejects.toMatchObject(refusal);
    });

    it('given one that was charged, then nobody gets in for that long, and it refills from there', async () => {
      const key = unique();
      await subject().limiter.take(key);
      await subject().limiter.charge(key, 60_000);
      const refusal = { code: 'rate_limited', retryAfterMs: 61_000 };
      await expect(subject().limiter.take(key)).rejects.toMatchObject(refusal);
      subject().pass(61_000);
      await subject().limiter.take(key);
      await expect(subject().limiter.take(key)).rejects.toMatchObject({ retryAfterMs: 1_000 });
    });

    it('given many charges at once, then they add up, to the most that it may owe', async () => {
      const [twice, often] = [unique(), unique()];
      await Promise.all([1, 2].map(() => subject().limiter.charge(twice, 60_000)));
      await Promise.all(Array.from({ length: 20 }, () => subject().limiter.charge(often, 60_000)));
      await expect(subject().limiter.take(twice)).rejects.toMatchObject({ retryAfterMs: 121_000 });
      const owed = await subject()
        .limiter.take(often)
        .catch(({ retryAfterMs }) => retryAfterMs);
      expect(owed).toBeGreaterThan(140_000);
      expect(owed).toBeLessThanOrEqual(201_000);
    });

    it('given an empty one, then another key has its own', async () => {
      await takeAll(unique());
      await expect(subject().limiter.take(unique())).resolves.toBeUndefined();
    });

    it('given many that take at once, then never more than the burst go through', async () => {
      const key = unique();
      const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => subject().limiter.take(key)));
      const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThanOrEqual(BUCKET.burst);
    });
  });
}
