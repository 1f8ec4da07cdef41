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

/** How long one token takes to come back, ms. */
export function interval({ perSecond }: Bucket): number {
  return 1_000 / perSecond;
}

/** Clocks of machines differ by less, ms. */
const CLOCK_TOLERANCE_MS = 5_000;

/**
 * The latest `fullAt` of any bucket. A later one was written by a machine whose clock is ahead: it says nothing, and
 * nobody waits for it.
 */
export function latest(bucket: Bucket, now: number): number {
  return now + bucket.burst * interval(bucket) + CLOCK_TOLERANCE_MS;
}

/** Whether no token is missing, as far as `fullAt` says. */
export function isFull(bucket: Bucket, fullAt: number | undefined, now: number): boolean {
  return fullAt === undefined || fullAt <= now || fullAt > latest(bucket, now);
}

/** When the bucket will be full, ms since 1970, after one token is taken now. */
export function take(bucket: Bucket, fullAt: number | undefined, now: number): number {
  return (isFull(bucket, fullAt, now) ? now : (fullAt as number)) + interval(bucket);
}

/** The latest `fullAt` at which there still is a token. */
export function lastToken(bucket: Bucket, now: number): number {
  return now + (bucket.burst - 1) * interval(bucket);
}

/** How long, whole ms, until a token can be taken; 0 where there is one now. */
export function retryAfter(bucket: Bucket, fullAt: number | undefined, now: number): number {
  return isFull(bucket, fullAt, now) ? 0 : Math.max(0, Math.ceil((fullAt as number) - lastToken(bucket, now)));
}
