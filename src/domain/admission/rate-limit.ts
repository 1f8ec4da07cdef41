/**
 * Size and rate of a token bucket. The functions below take the bucket's state as one number, `fullAt`: the time at
 * which the bucket will be full again, ms since 1970 (the generic cell rate algorithm, ITU-T I.371). Taking a token
 * makes `fullAt` later by the time in which one token refills. The bucket is full if `fullAt` is past or undefined.
 */
export interface Bucket {
  /** Tokens in a full bucket. */
  burst: number;
  /** Refill, tokens/s. */
  perSecond: number;
  /** Maximum time by which {@link charge} can delay the refill, ms; 0 if absent. */
  debtMs?: number;
}

/** Returns the time in which one token refills, ms. */
export function interval({ perSecond }: Bucket): number {
  return 1_000 / perSecond;
}

/** Assumed upper bound for the difference between the clocks of two machines, ms. */
const CLOCK_TOLERANCE_MS = 5_000;

/**
 * Returns the latest `fullAt` that a bucket can have. A later one is wrong, for example because a machine's clock was
 * ahead. The bucket then counts as full ({@link isFull}).
 */
export function latest(bucket: Bucket, now: number): number {
  return emptyAt(bucket, now) + (bucket.debtMs ?? 0) + CLOCK_TOLERANCE_MS;
}

/** Returns the `fullAt` of a bucket that is empty and starts to refill now. */
export function emptyAt(bucket: Bucket, now: number): number {
  return now + bucket.burst * interval(bucket);
}

/**
 * Returns the `fullAt` after the bucket is emptied and its refill is delayed by `waitMs`. The delays of several calls
 * add up, to `debtMs` at most.
 */
export function charge(bucket: Bucket, fullAt: number | undefined, waitMs: number, now: number): number {
  const empty = emptyAt(bucket, now);
  const debt = isFull(bucket, fullAt, now) ? 0 : Math.max(0, (fullAt as number) - empty);
  return empty + Math.min(debt + waitMs, bucket.debtMs ?? 0);
}

/** Whether the bucket is full. It also counts as full if its `fullAt` is later than {@link latest}. */
export function isFull(bucket: Bucket, fullAt: number | undefined, now: number): boolean {
  return fullAt === undefined || fullAt <= now || fullAt > latest(bucket, now);
}

/** Returns the bucket's `fullAt` after one token is taken now, ms since 1970. Does not check that there is a token. */
export function take(bucket: Bucket, fullAt: number | undefined, now: number): number {
  return (isFull(bucket, fullAt, now) ? now : (fullAt as number)) + interval(bucket);
}

/** Returns the latest `fullAt` at which the bucket still holds a token. */
export function lastToken(bucket: Bucket, now: number): number {
  return now + (bucket.burst - 1) * interval(bucket);
}

/** Returns the time until a token can be taken, whole ms; 0 if there is one now. */
export function retryAfter(bucket: Bucket, fullAt: number | undefined, now: number): number {
  return isFull(bucket, fullAt, now) ? 0 : Math.max(0, Math.ceil((fullAt as number) - lastToken(bucket, now)));
}
