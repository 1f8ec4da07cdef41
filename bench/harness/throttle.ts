import { type Bucket, retryAfter, take } from '../../src/domain/admission/rate-limit.ts';

/** A token bucket like API Gateway's throttles. */
export class Throttle {
  taken = 0;
  #fullAt: number | undefined;
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  /** @returns whether the throttle lets a request in */
  take(now: number): boolean {
    if (retryAfter(this.#bucket, this.#fullAt, now) > 0) return false;
    this.#fullAt = take(this.#bucket, this.#fullAt, now);
    this.taken++;
    return true;
  }
}
