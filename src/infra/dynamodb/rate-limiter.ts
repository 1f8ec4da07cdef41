import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ShoutError } from '../../domain/errors.ts';
import type { Clock, RateLimiter } from '../../domain/ports.ts';
import { type Bucket, retryAfter, take } from '../../domain/rate-limit.ts';
import { isConditionFailure, itemOf } from './failures.ts';

/** Two takers of one bucket can meet; each round one of them gets through, and nobody sends from this many places. */
const MAX_ATTEMPTS = 10;

/**
 * Token buckets in the State table, each one number (`fullAt`, see domain/rate-limit.ts), so that taking a token is
 * one conditional write. The first try bets on a bucket that is full, as it is for whoever has not written just now.
 */
export class DynamoRateLimiter implements RateLimiter {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #bucket: Bucket;
  readonly #now: Clock;

  constructor(db: DynamoDBDocumentClient, stateTable: string, bucket: Bucket, now: Clock = Date.now) {
    this.#db = db;
    this.#table = stateTable;
    this.#bucket = bucket;
    this.#now = now;
  }

  async take(key: string): Promise<void> {
    let found: number | undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const now = this.#now();
      const retryAfterMs = retryAfter(this.#bucket, found, now);
      if (retryAfterMs > 0) throw new ShoutError('rate_limited', 'You are sending too fast.', { retryAfterMs });
      const current = await this.#replace(key, found, take(this.#bucket, found, now), now);
      if (current === 'written') return;
      found = current;
    }
    throw new ShoutError('rate_limited', 'You are sending too fast.', { retryAfterMs: 1_000 / this.#bucket.perSecond });
  }

  /** @returns 'written', or the `fullAt` that is there instead of the expected one */
  async #replace(
    key: string,
    expected: number | undefined,
    fullAt: number,
    now: number,
  ): Promise<'written' | number | undefined> {
    const full = 'attribute_not_exists(fullAt) OR fullAt <= :now';
    try {
      await this.#db.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { pk: `RATE#${key}`, sk: 'BUCKET' },
          UpdateExpression: 'SET fullAt = :fullAt, expiresAt = :expiry',
          ConditionExpression: expected === undefined ? full : 'fullAt = :expected',
          ExpressionAttributeValues: {
            ':fullAt': fullAt,
            ':expiry': Math.ceil(fullAt / 1_000) + 60,
            ...(expected === undefined ? { ':now': now } : { ':expected': expected }),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return 'written';
    } catch (error) {
      if (isConditionFailure(error)) return itemOf(error)?.fullAt as number | undefined;
      throw error;
    }
  }
}
