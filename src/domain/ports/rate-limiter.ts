export interface RateLimiter {
  /**
   * Takes one token from the bucket of `key` (token bucket: RATE_BURST deep, RATE_PER_SECOND refill).
   * @throws ShoutError `rate_limited` with `retryAfterMs`
   */
  take(key: string): Promise<void>;
}
