/** The part of a stream record that batching needs; functions get the whole record. */
export interface StreamRecord {
  dynamodb: {
    SequenceNumber: string;
    /** Seconds since 1970. */
    ApproximateCreationDateTime: number;
  };
}

export interface BatchPolicy {
  maximumRetryAttempts: number;
  maximumRecordAgeInSeconds: number;
  bisectBatchOnFunctionError: boolean;
  reportBatchItemFailures: boolean;
}

export type GivenUpBecause = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface BatchEffects<R extends StreamRecord> {
  invoke(records: readonly R[]): Promise<unknown>;
  /** Sends records to the on-failure destination, because the mapping has given up on them. */
  giveUp(records: readonly R[], because: GivenUpBecause): Promise<void>;
  /** Stores that everything up to and including this record is done. */
  checkpoint(record: R): Promise<void>;
  /** Rejects when the stack stops. The batch then stays unfinished and is delivered again after a restart. */
  sleep(ms: number): Promise<void>;
  now(): number;
}

/**
 * Shortest and longest wait before a retry, ms. Lambda does not document its waits. With these values, ten retries take
 * about half a minute.
 */
const BACKOFF_MS = { first: 100, most: 5_000 };

/**
 * Processes a batch in order, as a Lambda event source mapping does (Lambda guide, "Using Lambda with DynamoDB
 * streams"). Retries a failed batch until it succeeds, is split or runs out of retries. Gives up records that have
 * become too old.
 */
export async function processBatch<R extends StreamRecord>(
  records: readonly R[],
  policy: BatchPolicy,
  effects: BatchEffects<R>,
  retries = 0,
): Promise<void> {
  const tooOld = records.filter((record) => isTooOld(record, policy, effects.now()));
  if (tooOld.length > 0) {
    await effects.giveUp(tooOld, 'RecordAgeExceeded');
    await effects.checkpoint(tooOld.at(-1)!);
  }
  const batch = tooOld.length > 0 ? records.filter((record) => !tooOld.includes(record)) : records;
  const [last] = batch.slice(-1);
  if (!last) return;

  const failed = await firstFailure(batch, policy, effects);
  if (failed === undefined) return effects.checkpoint(last);
  if (failed > 0) {
    // The records before the first failed one are done. The others are a new batch, which is processed at once. This is
    // a split, so it does not count as a retry.
    await effects.checkpoint(batch[failed - 1]!);
    return processBatch(batch.slice(failed), policy, effects, retries);
  }
  if (policy.bisectBatchOnFunctionError && batch.length > 1) {
    const middle = Math.ceil(batch.length / 2);
    await processBatch(batch.slice(0, middle), policy, effects, retries);
    return processBatch(batch.slice(middle), policy, effects, retries);
  }
  if (policy.maximumRetryAttempts >= 0 && retries >= policy.maximumRetryAttempts) {
    await effects.giveUp(batch, 'RetryAttemptsExhausted');
    return effects.checkpoint(last);
  }
  await effects.sleep(Math.min(BACKOFF_MS.first * 2 ** retries, BACKOFF_MS.most));
  return processBatch(batch, policy, effects, retries + 1);
}

function isTooOld({ dynamodb }: StreamRecord, { maximumRecordAgeInSeconds }: BatchPolicy, now: number): boolean {
  return (
    maximumRecordAgeInSeconds >= 0 &&
    now - dynamodb.ApproximateCreationDateTime * 1000 > maximumRecordAgeInSeconds * 1000
  );
}

/** Invokes the function. @returns index of the first record that must be retried; undefined if all records are done */
async function firstFailure<R extends StreamRecord>(
  batch: readonly R[],
  policy: BatchPolicy,
  effects: BatchEffects<R>,
): Promise<number | undefined> {
  let response: unknown;
  try {
    response = await effects.invoke(batch);
  } catch {
    return 0;
  }
  return policy.reportBatchItemFailures ? reportedFailure(batch, response) : undefined;
}

/**
 * Returns the index of the first record that the function reported as failed; undefined if it reported none. This
 * record and all records after it are retried. A malformed report, or an identifier that names no record of the batch,
 * fails the whole batch.
 */
function reportedFailure(batch: readonly StreamRecord[], response: unknown): number | undefined {
  const failures = (response as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  if (failures === undefined || failures === null) return undefined;
  if (!Array.isArray(failures)) return 0;
  const indexes = failures.map((failure) => indexOf(batch, failure?.itemIdentifier));
  return indexes.length === 0 ? undefined : Math.max(0, Math.min(...indexes));
}

/**
 * Returns the index of the record with this sequence number, or -1. Compares as BigInt, because sequence numbers have
 * up to 40 digits, more than a Number holds exactly.
 */
function indexOf(batch: readonly StreamRecord[], identifier: unknown): number {
  if (typeof identifier !== 'string' || !/^\d+$/.test(identifier)) return -1;
  return batch.findIndex(({ dynamodb }) => BigInt(dynamodb.SequenceNumber) === BigInt(identifier));
}
