import type { Bucket } from '../admission/rate-limit.ts';

export interface RateLimiter {
  /**
   * Takes one token from the bucket of `key`.
   * @param bucket size and rate of the bucket; the limiter's own if absent
   * @throws ShoutError `rate_limited` with `retryAfterMs`
   */
  take(key: string, bucket?: Bucket): Promise<void>;
}

/** A limiter that can also make a sender wait. */
export interface ChargingRateLimiter extends RateLimiter {
  /**
   * Empties the bucket of `key`, and delays its refill by `waitMs`. The delays of several calls add up, but to no more
   * than `debtMs` of the limiter's own bucket.
   */
  charge(key: string, waitMs: number): Promise<void>;
}
