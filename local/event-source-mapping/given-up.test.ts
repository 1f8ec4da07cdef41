import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reportGivenUp } from './given-up.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'given-up-'));
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true });
});

const record = (n: number) => ({ dynamodb: { SequenceNumber: String(n), ApproximateCreationDateTime: n } });

describe('what a mapping gives up on', () => {
  it('is named in the queue’s file, one line per batch, in Lambda’s format', async () => {
    const file = join(dir, 'queue.jsonl');
    const report = reportGivenUp('fanOut', 'arn:stream', file);
    await report([record(1), record(2)], 'RetryAttemptsExhausted');
    await report([record(9)], 'RecordAgeExceeded');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        requestContext: { functionArn: 'fanOut', condition: 'RetryAttemptsExhausted' },
        DDBStreamBatchInfo: {
          streamArn: 'arn:stream',
          startSequenceNumber: '1',
          endSequenceNumber: '2',
          approximateArrivalOfLastRecord: '1970-01-01T00:00:02.000Z',
          batchSize: 2,
        },
      },
      { requestContext: { condition: 'RecordAgeExceeded' }, DDBStreamBatchInfo: { batchSize: 1 } },
    ]);
  });

  it('is printed, also without a queue', async () => {
    await reportGivenUp('fanOut', 'arn:stream', undefined)([record(1)], 'RetryAttemptsExhausted');
    expect(console.error).toHaveBeenCalledWith(
      expect.stringContaining('fanOut gave up on 1 records: RetryAttemptsExhausted'),
    );
  });
});
