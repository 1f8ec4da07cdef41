import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  type Bucket,
  charge,
  emptyAt,
  interval,
  isFull,
  lastToken,
  latest,
  retryAfter,
  take,
} from '../../domain/admission/rate-limit.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { isConditionFailure, itemOf, wasMade } from './failures.ts';

/**
 * A row that holds a bucket as one number, `fullAt`: when the bucket will be full again, ms since 1970
 * (domain/admission/rate-limit.ts).
 */
interface BucketRow {
  TableName: string;
  Key: Record<string, string>;
  bucket: Bucket;
  /** `true` for the row of a connection, which must exist. Other rows are created by the first take or charge. */
  mustExist: boolean;
}

export type Taken =
  | { kind: 'taken'; row: Record<string, unknown> }
  | { kind: 'empty'; retryAfterMs: number }
  /** The row does not exist, although it must. */
  | { kind: 'absent' };

/** Condition: the bucket counts as full. */
const FULL = '(attribute_not_exists(fullAt) OR fullAt <= :now OR fullAt > :latest)';
/**
 * Condition: the bucket is not full, but holds a token. `:seen` is the `fullAt` that the previous attempt read. Others
 * who take tokens raise `fullAt`. It falls only if the bucket was reset, because another machine counted it as full.
 * That is rare, because the clocks of the two machines must differ by seconds.
 */
const NOT_EMPTY = 'fullAt >= :seen AND fullAt <= :lastToken';
const PRESENT = 'attribute_exists(pk) AND ';

/**
 * Maximum number of attempts. Two are nearly always enough ({@link takeToken}). More are needed only if, between two
 * attempts, the bucket was reset or a machine whose clock is ahead wrote `fullAt`.
 */
const MAX_ATTEMPTS = 4;

/**
 * Takes a token. Each attempt is one conditional write. The first attempt expects a full bucket, because the bucket of
 * anyone who was quiet for a while is full. If the bucket is not full, but holds a token, the next attempt adds to
 * `fullAt`. It succeeds as long as a token is left, even if others have taken tokens meanwhile. If an attempt finds the
 * bucket full, the next one expects a full bucket again.
 */
export async function takeToken(db: DynamoDBDocumentClient, row: BucketRow, clock: Clock): Promise<Taken> {
  let seen: number | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const now = clock();
    const found = await tryTake(db, row, seen, now);
    if (found.kind !== 'missed') return found;
    const retryAfterMs = retryAfter(row.bucket, found.fullAt, now);
    if (retryAfterMs > 0) return { kind: 'empty', retryAfterMs };
    seen = isFull(row.bucket, found.fullAt, now) ? undefined : found.fullAt;
  }
  return { kind: 'empty', retryAfterMs: Math.ceil(interval(row.bucket)) };
}

/** Condition: the bucket has no debt. */
const NO_DEBT = '(attribute_not_exists(fullAt) OR fullAt <= :empty OR fullAt > :latest)';
/** Condition: the bucket has a debt that may still grow by the whole wait. */
const SOME_DEBT = 'fullAt > :empty AND fullAt <= :mostBefore';

/**
 * Empties a bucket and delays its refill by a wait. The delay is the bucket's debt. The first write is for a bucket
 * without debt. The second adds the wait to a debt, so concurrent charges add up. If neither condition holds, the wait
 * would raise the debt above its maximum, and the debt stays as it is.
 */
export async function chargeBucket(
  db: DynamoDBDocumentClient,
  { TableName, Key, bucket }: BucketRow,
  waitMs: number,
  clock: Clock,
): Promise<void> {
  const now = clock();
  const empty = emptyAt(bucket, now);
  const most = charge(bucket, undefined, Number.POSITIVE_INFINITY, now);
  const attempts: [string, string, Record<string, number>][] = [
    [
      ':fullAt',
      NO_DEBT,
      { ':empty': empty, ':latest': latest(bucket, now), ':fullAt': charge(bucket, undefined, waitMs, now) },
    ],
    ['fullAt + :wait', SOME_DEBT, { ':empty': empty, ':mostBefore': most - waitMs, ':wait': waitMs }],
  ];
  for (const [value, condition, values] of attempts) {
    const update = new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: `SET fullAt = ${value}, expiresAt = :expiry`,
      ConditionExpression: condition,
      ExpressionAttributeValues: { ...values, ':expiry': Math.ceil(most / 1_000) + 60 },
    });
    if (await wasMade(db.send(update))) return;
  }
}

type Attempt = Exclude<Taken, { kind: 'empty' }> | { kind: 'missed'; fullAt: number | undefined };

async function tryTake(
  db: DynamoDBDocumentClient,
  { TableName, Key, bucket, mustExist }: BucketRow,
  seen: number | undefined,
  now: number,
): Promise<Attempt> {
  const [value, condition, values] =
    seen === undefined
      ? [':fullAt', FULL, { ':now': now, ':fullAt': take(bucket, undefined, now), ':latest': latest(bucket, now) }]
      : [
          'fullAt + :interval',
          NOT_EMPTY,
          { ':seen': seen, ':interval': interval(bucket), ':lastToken': lastToken(bucket, now) },
        ];
  const emptyFullAt = take(bucket, lastToken(bucket, now), now);
  // A row that must exist is the row of a connection, which has an expiry already.
  const expiry = mustExist ? {} : { ':expiry': Math.ceil(emptyFullAt / 1_000) + 60 };
  try {
    const { Attributes } = await db.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: `SET fullAt = ${value}${mustExist ? '' : ', expiresAt = :expiry'}`,
        ConditionExpression: `${mustExist ? PRESENT : ''}${condition}`,
        ExpressionAttributeValues: { ...values, ...expiry },
        ReturnValues: mustExist ? 'ALL_NEW' : 'NONE',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { kind: 'taken', row: Attributes ?? {} };
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    const found = itemOf(error);
    return found || !mustExist ? { kind: 'missed', fullAt: found?.fullAt as number | undefined } : { kind: 'absent' };
  }
}
