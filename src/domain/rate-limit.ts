/**
 * A token bucket as one number: the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371).
 * Each token taken moves that time by 1/rate; a bucket whose time is past is full.
 */
export interface Bucket {
  /** Tokens in a full bucket. */
  burst: number;
  /** Refill, tokens/s. */
  perSecond: number;
}

/** When the bucket will be full, ms since 1970, after one token is taken now. */
export function take({ perSecond }: Bucket, fullAt: number | undefined, now: number): number {
  return Math.max(fullAt ?? now, now) + 1_000 / perSecond;
}

/** How long, ms, until a token can be taken; 0 where there is one now. */
export function retryAfter(bucket: Bucket, fullAt: number | undefined, now: number): number {
  const deepest = now + (bucket.burst * 1_000) / bucket.perSecond;
  return Math.max(0, Math.ceil(take(bucket, fullAt, now) - deepest));
}
