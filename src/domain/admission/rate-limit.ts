/**
 * A token bucket as one number: the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371).
 * Each token taken moves that time by 1/rate; a bucket whose time is past is full.
 */
export interface Bucket {
  /** Tokens in a full bucket. */
  burst: number;
  /** Refill, tokens/s. */
  perSecond: number;
  /** Longest wait that {@link charge} can add to the refill, ms. */
  debtMs?: number;
}

/** Time in which one token refills, ms. */
export function interval({ perSecond }: Bucket): number {
  return 1_000 / perSecond;
}

/** Upper bound for the difference between the clocks of two machines, ms. */
const CLOCK_TOLERANCE_MS = 5_000;

/**
 * The latest `fullAt` that a bucket can have. A later one was written by a machine whose clock is ahead, and is ignored.
 */
export function latest(bucket: Bucket, now: number): number {
  return emptyAt(bucket, now) + (bucket.debtMs ?? 0) + CLOCK_TOLERANCE_MS;
}

/** The `fullAt` of a bucket that is empty and owes nothing. */
export function emptyAt(bucket: Bucket, now: number): number {
  return now + bucket.burst * interval(bucket);
}

/**
 * Returns the bucket's `fullAt` after it is emptied and refills only after a further wait. Waits add up, to `debtMs` at
 * most.
 */
export function charge(bucket: Bucket, fullAt: number | undefined, waitMs: number, now: number): number {
  const empty = emptyAt(bucket, now);
  const debt = isFull(bucket, fullAt, now) ? 0 : Math.max(0, (fullAt as number) - empty);
  return empty + Math.min(debt + waitMs, bucket.debtMs ?? 0);
}

/** Whether the bucket is full. */
export function isFull(bucket: Bucket, fullAt: number | undefined, now: number): boolean {
  return fullAt === undefined || fullAt <= now || fullAt > latest(bucket, now);
}

/** The bucket's `fullAt` after one token is taken now, ms since 1970. */
export function take(bucket: Bucket, fullAt: number | undefined, now: number): number {
  return (isFull(bucket, fullAt, now) ? now : (fullAt as number)) + interval(bucket);
}

/** The latest `fullAt` at which the bucket still holds a token. */
export function lastToken(bucket: Bucket, now: number): number {
  return now + (bucket.burst - 1) * interval(bucket);
}

/** Time until a token can be taken, whole ms; 0 if there is one now. */
export function retryAfter(bucket: Bucket, fullAt: number | undefined, now: number): number {
  return isFull(bucket, fullAt, now) ? 0 : Math.max(0, Math.ceil((fullAt as number) - lastToken(bucket, now)));
}
