import { appendFile } from 'node:fs/promises';
import type { GivenUpBecause, StreamRecord } from './batch.ts';

/**
 * Returns a function that prints how many records the mapping gave up on. If `file` is given, the function also appends
 * a line of JSON in Lambda's format (Lambda guide, "Retain discarded batches of records"). The line has the first and
 * the last sequence number, not the records.
 *
 * @param file stands for the on-failure queue; undefined if the mapping has none
 */
export function reportGivenUp(functionName: string, streamArn: string, file: string | undefined) {
  return async (records: readonly StreamRecord[], condition: GivenUpBecause): Promise<void> => {
    const first = records[0]!.dynamodb;
    const last = records.at(-1)!.dynamodb;
    const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
    const message = {
      requestContext: { functionArn: functionName, condition },
      version: '1.0',
      timestamp: new Date().toISOString(),
      DDBStreamBatchInfo: {
        streamArn,
        startSequenceNumber: first.SequenceNumber,
        endSequenceNumber: last.SequenceNumber,
        approximateArrivalOfFirstRecord: iso(first.ApproximateCreationDateTime),
        approximateArrivalOfLastRecord: iso(last.ApproximateCreationDateTime),
        batchSize: records.length,
      },
    };
    console.error(`${functionName} gave up on ${records.length} records: ${condition}. ${file ? `See ${file}` : ''}`);
    if (file) await appendFile(file, `${JSON.stringify(message)}\n`);
  };
}
