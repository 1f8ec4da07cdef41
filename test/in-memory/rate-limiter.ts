import { type Bucket, charge, retryAfter, take } from '../../src/domain/admission/rate-limit.ts';
import { ShoutError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { ChargingRateLimiter } from '../../src/domain/ports/rate-limiter.ts';

/** Keeps token buckets in memory, with the guarantees of test/contracts/rate-limiter.ts. */
export class InMemoryRateLimiter implements ChargingRateLimiter {
  readonly #fullAt = new Map<string, number>();
  readonly #bucket: Bucket;
  readonly #now: Clock;

  constructor(bucket: Bucket, now: Clock) {
    this.#bucket = bucket;
    this.#now = now;
  }

  async take(key: string): Promise<void> {
    const now = this.#now();
    const fullAt = this.#fullAt.get(key);
    const retryAfterMs = retryAfter(this.#bucket, fullAt, now);
    if (retryAfterMs > 0) throw new ShoutError('rate_limited', 'You are sending too fast.', { retryAfterMs });
    this.#fullAt.set(key, take(this.#bucket, fullAt, now));
  }

  async charge(key: string, waitMs: number): Promise<void> {
    this.#fullAt.set(key, charge(this.#bucket, this.#fullAt.get(key), waitMs, this.#now()));
  }
}
