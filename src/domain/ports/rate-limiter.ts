import type { Bucket } from '../admission/rate-limit.ts';

export interface RateLimiter {
  /**
   * Takes one token from the bucket of `key`.
   * @param bucket the limiter's own, unless given
   * @throws ShoutError `rate_limited` with `retryAfterMs`
   */
  take(key: string, bucket?: Bucket): Promise<void>;
}

/** A limiter whose bucket has a `debtMs`. */
export interface ChargingRateLimiter extends RateLimiter {
  /** Empties the bucket of `key`, and lets it refill only after a further wait. Waits add up, to `debtMs` at most. */
  charge(key: string, waitMs: number): Promise<void>;
}
