import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ShoutError } from '../../domain/errors.ts';

/** A cancellation reason with its item as plain data: the document client unmarshalls answers, but not exceptions. */
export type Reason = Omit<CancellationReason, 'Item'> & { Item?: Record<string, unknown> | undefined };

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

/** The item that made a condition fail, if the request asked for it by ReturnValuesOnConditionCheckFailure. */
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
 * Refuses an answer to BatchGetItem that lacks keys, as a throttled table gives it: a row that was not read is not a row
 * that is gone.
 * @throws ShoutError `unavailable`
 */
export function requireAll(unprocessedKeys: Readonly<Record<string, unknown>> | undefined): void {
  if (Object.keys(unprocessedKeys ?? {}).length > 0) {
    throw new ShoutError('unavailable', 'The store is busy. Try again soon.');
  }
}

/** Whether DynamoDB refuses the request as it is, so that it will never succeed. */
export function isRejection(error: unknown): boolean {
  return (
    (error as Error | undefined)?.name === 'ValidationException' ||
    reasonsOf(error).some(({ Code }) => Code === 'ValidationError')
  );
}
