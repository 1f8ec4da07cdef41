import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ShoutError } from '../../domain/errors.ts';

/** A cancellation reason whose item is unmarshalled. The document client unmarshalls answers, but not exceptions. */
export type Reason = Omit<CancellationReason, 'Item'> & { Item?: Record<string, unknown> | undefined };

/** Whether a single write failed because a transaction was writing the same item. It may be tried again. */
export function isTransactionConflict(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'TransactionConflictException';
}

export function isConditionFailure(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}

/**
 * Waits for a conditional write, and returns whether its condition held.
 * @throws any other error of the write
 */
export async function wasMade(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Returns the item that made a condition fail, if the request asked for it by ReturnValuesOnConditionCheckFailure. */
export function itemOf({
  Item,
}: {
  Item?: Record<string, AttributeValue> | undefined;
}): Record<string, unknown> | undefined {
  return Item && unmarshall(Item);
}

/** Returns why a transaction was cancelled, one reason per item in request order; empty for any other error. */
export function reasonsOf(error: unknown): Reason[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map((reason) => ({ ...reason, Item: itemOf(reason) }));
}

/**
 * Throws if BatchGetItem left keys unprocessed, as it does for a throttled table. Otherwise a row that was not read
 * would be taken for a row that does not exist.
 * @throws ShoutError `unavailable`
 */
export function requireAll(unprocessedKeys: Readonly<Record<string, unknown>> | undefined): void {
  if (Object.keys(unprocessedKeys ?? {}).length > 0) {
    throw new ShoutError('unavailable', 'The store is busy. Try again soon.');
  }
}

/** Whether DynamoDB found the request invalid, so that the same request will never succeed. */
export function isRejection(error: unknown): boolean {
  return (
    (error as Error | undefined)?.name === 'ValidationException' ||
    reasonsOf(error).some(({ Code }) => Code === 'ValidationError')
  );
}
