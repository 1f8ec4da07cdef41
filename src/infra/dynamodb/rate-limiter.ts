import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Bucket } from '../../domain/admission/rate-limit.ts';
import { Refusals } from '../../domain/admission/refusals.ts';
import { ShoutError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { ChargingRateLimiter } from '../../domain/ports/rate-limiter.ts';
import { chargeBucket, takeToken } from './token-bucket.ts';

/** Keeps token buckets in the State table, one row per key. */
export class DynamoRateLimiter implements ChargingRateLimiter {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #bucket: Bucket;
  readonly #now: Clock;
  readonly #prefix: string;
  readonly #refusals = new Refusals();

  constructor(db: DynamoDBDocumentClient, stateTable: string, bucket: Bucket, now: Clock, prefix = '') {
    this.#db = db;
    this.#table = stateTable;
    this.#bucket = bucket;
    this.#now = now;
    this.#prefix = prefix;
  }

  async take(key: string, bucket = this.#bucket): Promise<void> {
    const waiting = this.#refusals.retryAfter(key, this.#now());
    if (waiting > 0) throw refusal(waiting);
    const taken = await takeToken(this.#db, this.#row(key, bucket), this.#now);
    if (taken.kind !== 'empty') return;
    this.#refusals.remember(key, taken.retryAfterMs, this.#now());
    throw refusal(taken.retryAfterMs);
  }

  charge(key: string, waitMs: number): Promise<void> {
    return chargeBucket(this.#db, this.#row(key, this.#bucket), waitMs, this.#now);
  }

  #row(key: string, bucket: Bucket) {
    return {
      TableName: this.#table,
      Key: { pk: `RATE#${this.#prefix}${key}`, sk: 'BUCKET' },
      bucket,
      mustExist: false,
    };
  }
}

function refusal(retryAfterMs: number): ShoutError {
  return new ShoutError('rate_limited', 'You are sending too fast.', { retryAfterMs });
}
