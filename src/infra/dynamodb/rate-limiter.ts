import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  type Bucket,
  interval,
  isFull,
  lastToken,
  latest,
  retryAfter,
  take,
} from '../../domain/admission/rate-limit.ts';
import { ShoutError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { RateLimiter } from '../../domain/ports/rate-limiter.ts';
import { isConditionFailure, itemOf } from './failures.ts';

const FULL = 'attribute_not_exists(fullAt) OR fullAt <= :now OR fullAt > :latest';
const NOT_EMPTY = 'fullAt > :now AND fullAt <= :lastToken';

/** Others may empty or refill the bucket between two attempts. */
const MAX_ATTEMPTS = 4;

/**
 * Token buckets in the State table, each one number (`fullAt`, see domain/admission/rate-limit.ts), so that taking a token is
 * one conditional write. The first attempt expects a full bucket, which is what somebody has who has not written lately.
 * The second adds to the stored number, so that many concurrent takers do not make each other fail.
 */
export class DynamoRateLimiter implements RateLimiter {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #bucket: Bucket;
  readonly #now: Clock;

  constructor(db: DynamoDBDocumentClient, stateTable: string, bucket: Bucket, now: Clock) {
    this.#db = db;
    this.#table = stateTable;
    this.#bucket = bucket;
    this.#now = now;
  }

  async take(key: string): Promise<void> {
    let fullAt: number | undefined;
    let retryAfterMs = 0;
    for (let attempt = 0; attempt < MAX_ATTEMPTS && retryAfterMs === 0; attempt++) {
      const now = this.#now();
      const found = await this.#takeFrom(isFull(this.#bucket, fullAt, now) ? 'full' : 'not empty', key, now);
      if (found === 'taken') return;
      fullAt = found;
      retryAfterMs = retryAfter(this.#bucket, fullAt, now);
    }
    throw new ShoutError('rate_limited', 'You are sending too fast.', {
      retryAfterMs: retryAfterMs || Math.ceil(interval(this.#bucket)),
    });
  }

  /** @returns 'taken', or the `fullAt` that is there, where the bucket is not as expected */
  async #takeFrom(expected: 'full' | 'not empty', key: string, now: number): Promise<'taken' | number | undefined> {
    const [value, condition, values] =
      expected === 'full'
        ? [':fullAt', FULL, { ':fullAt': take(this.#bucket, undefined, now), ':latest': latest(this.#bucket, now) }]
        : [
            'fullAt + :interval',
            NOT_EMPTY,
            { ':interval': interval(this.#bucket), ':lastToken': lastToken(this.#bucket, now) },
          ];
    const emptyFullAt = take(this.#bucket, lastToken(this.#bucket, now), now);
    try {
      await this.#db.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { pk: `RATE#${key}`, sk: 'BUCKET' },
          UpdateExpression: `SET fullAt = ${value}, expiresAt = :expiry`,
          ConditionExpression: condition,
          ExpressionAttributeValues: { ...values, ':now': now, ':expiry': Math.ceil(emptyFullAt / 1_000) + 60 },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return 'taken';
    } catch (error) {
      if (isConditionFailure(error)) return itemOf(error)?.fullAt as number | undefined;
      throw error;
    }
  }
}
