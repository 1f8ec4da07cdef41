import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, charge, emptyAt, isFull, latest, retryAfter, take } from './rate-limit.ts';

const bucket = fc.record({
  burst: fc.integer({ min: 1, max: 50 }),
  perSecond: fc.constantFrom(0.01, 0.5, 1, 2, 10, 100),
});
/** Pauses between requests, ms. */
const pauses = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 });

/** The textbook token bucket: a count that fills as time passes. */
class TokenBucket {
  readonly #bucket: Bucket;
  #tokens: number;
  #at: number;

  constructor(bucket: Bucket, now: number) {
    this.#bucket = bucket;
    this.#tokens = bucket.burst;
    this.#at = now;
  }

  take(now: number): boolean {
    const refilled = this.#tokens + ((now - this.#at) * this.#bucket.perSecond) / 1_000;
    this.#tokens = Math.min(this.#bucket.burst, refilled);
    this.#at = now;
    // Allows for rounding errors in the sum of fractions.
    if (this.#tokens < 1 - 1e-6) return false;
    this.#tokens--;
    return true;
  }
}

describe('a bucket that is one number', () => {
  it('lets through exactly what a bucket that counts tokens lets through', () => {
    fc.assert(
      fc.property(bucket, pauses, (bucket, pauses) => {
        let now = 1_700_000_000_000;
        const model = new TokenBucket(bucket, now);
        let fullAt: number | undefined;
        for (const pause of pauses) {
          now += pause;
          const allowed = retryAfter(bucket, fullAt, now) === 0;
          expect(allowed).toBe(model.take(now));
          if (allowed) fullAt = take(bucket, fullAt, now);
        }
      }),
    );
  });

  it('names a wait that is whole, long enough, and by less than a millisecond too long', () => {
    fc.assert(
      fc.property(bucket, (bucket) => {
        const now = 1_700_000_000_000;
        let fullAt: number | undefined;
        for (let n = 0; n < bucket.burst; n++) fullAt = take(bucket, fullAt, now);
        const wait = retryAfter(bucket, fullAt, now);
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThan(0);
        expect(retryAfter(bucket, fullAt, now + wait)).toBe(0);
        expect(retryAfter(bucket, fullAt, now + wait - 1)).toBeGreaterThan(0);
      }),
    );
  });

  it('takes a time that only a wrong clock can have written for full, and the latest right one for what it is', () => {
    const bucket: Bucket = { burst: 5, perSecond: 1 };
    expect(latest(bucket, 1_000)).toBe(11_000);
    expect([10_999, 11_000, 11_001].map((fullAt) => isFull(bucket, fullAt, 1_000))).toEqual([false, false, true]);
  });

  it('that is charged lets nobody in for that long, whatever it held; charges add up, to the most that it may owe', () => {
    const bucket: Bucket = { burst: 5, perSecond: 1, debtMs: 150_000 };
    const now = 1_700_000_000_000;
    for (const before of [undefined, now - 1, now + 3_000, emptyAt(bucket, now)]) {
      const once = charge(bucket, before, 60_000, now);
      expect(retryAfter(bucket, once, now)).toBe(61_000);
      expect(retryAfter(bucket, once, now + 61_000)).toBe(0);
      const twice = charge(bucket, once, 60_000, now);
      expect(retryAfter(bucket, twice, now)).toBe(121_000);
      expect(retryAfter(bucket, charge(bucket, twice, 60_000, now), now)).toBe(151_000);
    }
  });

  it('is full again after long enough, and never fuller than full', () => {
    fc.assert(
      fc.property(bucket, fc.integer({ min: 1, max: 100 }), (bucket, taken) => {
        const then = 1_700_000_000_000;
        let fullAt: number | undefined;
        for (let n = 0; n < taken; n++) fullAt = take(bucket, fullAt, then);
        const now = then + 1e9;
        let passed = 0;
        while (passed <= bucket.burst && retryAfter(bucket, fullAt, now) === 0) {
          fullAt = take(bucket, fullAt, now);
          passed++;
        }
        expect(passed).toBe(bucket.burst);
      }),
    );
  });
});
