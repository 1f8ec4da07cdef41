import type { Bucket } from '../admission/rate-limit.ts';

export interface RateLimiter {
  /**
   * Takes one token from the bucket of `key`.
   * @param bucket where it is another than the limiter's own
   * @throws ShoutError `rate_limited` with `retryAfterMs`
   */
  take(key: string, bucket?: Bucket): Promise<void>;
}
