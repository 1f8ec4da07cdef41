import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Bucket } from '../../domain/admission/rate-limit.ts';
import { Refusals } from '../../domain/admission/refusals.ts';
import { ShoutError } from '../../domain/errors.ts';
import type { Admission, Refused } from '../../domain/ports/admission.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Connection } from '../../domain/ports/connections.ts';
import { connectionKey, isLive, toConnection } from './connections.ts';
import { isConditionFailure } from './failures.ts';
import { takeToken } from './token-bucket.ts';

const WAITING = 'refusedUntil > :now';
const NOT_WAITING = 'attribute_exists(pk) AND (attribute_not_exists(refusedUntil) OR refusedUntil <= :now)';

/**
 * Time after `closed` in which a connection's frames are refused without a request to the table, ms. If API Gateway
 * failed to close the connection, later frames are admitted or refused by its bucket again.
 */
const CLOSING_MS = 5_000;

/**
 * Keeps a connection's token bucket in the connection's row (`CONN#<id>`), so that one write finds the sender and takes
 * a token. If a rate limit tells a sender to wait, the same row counts the frames that come before the wait is over.
 */
export class DynamoAdmission implements Admission {
  readonly #db: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #bucket: Bucket;
  readonly #now: Clock;
  /** Connections whose token bucket is empty. */
  readonly #empty = new Refusals();
  /** Connections that were told to wait, because of their own rate limit or another one, such as the person's. */
  readonly #refused = new Refusals();
  readonly #closing = new Refusals();

  constructor(db: DynamoDBDocumentClient, stateTable: string, bucket: Bucket, now: Clock) {
    this.#db = db;
    this.#table = stateTable;
    this.#bucket = bucket;
    this.#now = now;
  }

  async admit(id: string): Promise<Connection | undefined> {
    const now = this.#now();
    const waiting = Math.max(this.#closing.retryAfter(id, now), this.#empty.retryAfter(id, now));
    if (waiting > 0) throw refusal(waiting);
    const row = { TableName: this.#table, Key: connectionKey(id), bucket: this.#bucket, mustExist: true };
    const taken = await takeToken(this.#db, row, this.#now);
    if (taken.kind === 'taken') return isLive(taken.row, this.#now()) ? toConnection(taken.row) : undefined;
    if (taken.kind === 'absent') return undefined;
    this.#empty.remember(id, taken.retryAfterMs, this.#now());
    throw refusal(taken.retryAfterMs);
  }

  async refused(id: string, retryAfterMs: number): Promise<Refused> {
    const now = this.#now();
    if (this.#closing.retryAfter(id, now) > 0) return { early: 0 };
    const wasRefused = this.#refused.retryAfter(id, now) > 0;
    if (!wasRefused) this.#refused.remember(id, retryAfterMs, now);
    const first = () =>
      this.#note(id, 'refusedUntil = :until, early = :zero', NOT_WAITING, now, {
        ':until': now + retryAfterMs,
        ':zero': 0,
      });
    const again = () => this.#note(id, 'early = early + :one', WAITING, now, { ':one': 1 });
    // `first` begins a wait, and `again` counts a frame that came during a wait. Each returns undefined if the row says
    // that the other one is due, because other processes begin waits, too. The last `again` is for a wait that another
    // process began just before `first`.
    const row = (wasRefused && (await again())) || (await first()) || (await again());
    return row ? { early: row.early as number, connection: toConnection(row) } : { early: 0 };
  }

  closed(id: string): void {
    this.#closing.remember(id, CLOSING_MS, this.#now());
  }

  /**
   * Updates the connection's row.
   * @returns the updated row; undefined if the condition does not hold
   */
  async #note(
    id: string,
    update: string,
    condition: string,
    now: number,
    values: Record<string, number>,
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const { Attributes } = await this.#db.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: connectionKey(id),
          UpdateExpression: `SET ${update}`,
          ConditionExpression: condition,
          ExpressionAttributeValues: { ...values, ':now': now },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes;
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  }
}

function refusal(retryAfterMs: number): ShoutError {
  return new ShoutError('rate_limited', 'You are sending too fast.', { retryAfterMs });
}
