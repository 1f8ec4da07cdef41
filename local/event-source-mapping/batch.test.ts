import { describe, expect, it } from 'vitest';
import { type BatchPolicy, processBatch, type StreamRecord } from './batch.ts';

const SECOND = 1_000;

/** Returns a sequence number with more digits than a Number holds exactly, as real ones have. */
const sequenceNumber = (n: number) => String(10_000_000_000_000_000_000_000n + BigInt(n));
const record = (n: number, createdAt = 0): StreamRecord => ({
  dynamodb: { SequenceNumber: sequenceNumber(n), ApproximateCreationDateTime: createdAt },
});
const records = (...numbers: number[]) => numbers.map((n) => record(n));
const numberOf = ({ dynamodb }: StreamRecord) =>
  Number(BigInt(dynamodb.SequenceNumber) - 10_000_000_000_000_000_000_000n);

const policy: BatchPolicy = {
  maximumRetryAttempts: 3,
  maximumRecordAgeInSeconds: -1,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: true,
};

/** Processes a batch with `answer` as the Lambda function. Returns the arguments of all callbacks, in order. */
async function run(
  batch: StreamRecord[],
  answer: (numbers: number[], invocation: number) => unknown,
  overrides: Partial<BatchPolicy> = {},
  now: () => number = () => 0,
) {
  const invoked: number[][] = [];
  const checkpoints: number[] = [];
  const givenUp: [string, number[]][] = [];
  const sleeps: number[] = [];
  await processBatch(
    batch,
    { ...policy, ...overrides },
    {
      invoke: async (given) => {
        invoked.push(given.map(numberOf));
        return answer(given.map(numberOf), invoked.length);
      },
      checkpoint: async (given) => void checkpoints.push(numberOf(given)),
      giveUp: async (given, because) => void givenUp.push([because, given.map(numberOf)]),
      sleep: async (ms) => void sleeps.push(ms),
      now,
    },
  );
  return { invoked, checkpoints, givenUp, sleeps };
}

const failing = (...numbers: (number | string | null)[]) => ({
  batchItemFailures: numbers.map((n) => ({ itemIdentifier: typeof n === 'number' ? sequenceNumber(n) : n })),
});
const boom = () => {
  throw new Error('boom');
};

describe('a batch', () => {
  it.each([[undefined], [null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }], ['done']])(
    'is done when the function answers %j',
    async (answer) => {
      const { invoked, checkpoints } = await run(records(1, 2, 3), () => answer);
      expect(invoked).toEqual([[1, 2, 3]]);
      expect(checkpoints).toEqual([3]);
    },
  );

  it('is retried as a whole when the function throws, each time after a longer wait', async () => {
    const { invoked, checkpoints, sleeps } = await run(records(1, 2), (_, invocation) => invocation < 4 && boom());
    expect(invoked).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(sleeps).toEqual([100, 200, 400]);
    expect(checkpoints).toEqual([2]);
  });

  it('is given up on when its retries are used up, and the shard continues', async () => {
    const { invoked, checkpoints, givenUp } = await run(records(1, 2), boom, { maximumRetryAttempts: 2 });
    expect(invoked).toHaveLength(3);
    expect(givenUp).toEqual([['RetryAttemptsExhausted', [1, 2]]]);
    expect(checkpoints).toEqual([2]);
  });

  it('is retried for ever when the retries are unlimited, and never waits for more than five seconds', async () => {
    const { invoked, givenUp, sleeps } = await run(records(1), (_, invocation) => invocation < 40 && boom(), {
      maximumRetryAttempts: -1,
    });
    expect(invoked).toHaveLength(40);
    expect(Math.max(...sleeps)).toBe(5 * SECOND);
    expect(givenUp).toEqual([]);
  });
});

describe('a function that reports failures', () => {
  it('gets everything from the lowest failed record again, whatever else it reported and in whatever order', async () => {
    const { invoked, checkpoints } = await run(records(1, 2, 3, 4, 5), (_, invocation) =>
      invocation === 1 ? failing(5, 3) : undefined,
    );
    expect(invoked).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ]);
    expect(checkpoints).toEqual([2, 5]);
  });

  it.each([[null], [''], ['7'], ['x'], [undefined]])(
    'fails the whole batch with the identifier %j',
    async (identifier) => {
      const { invoked, checkpoints } = await run(records(1, 2), (_, invocation) =>
        invocation === 1
          ? { batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }, { itemIdentifier: identifier }] }
          : undefined,
      );
      expect(invoked).toEqual([
        [1, 2],
        [1, 2],
      ]);
      expect(checkpoints).toEqual([2]);
    },
  );

  it.each([[{ batchItemFailures: 'all' }], [{ batchItemFailures: [null] }], [{ batchItemFailures: [{ id: 'x' }] }]])(
    'fails the whole batch with a malformed report: %j',
    async (answer) => {
      const { invoked } = await run(records(1, 2), (_, invocation) => (invocation === 1 ? answer : undefined));
      expect(invoked).toEqual([
        [1, 2],
        [1, 2],
      ]);
    },
  );

  it('distinguishes numbers that are equal as doubles', async () => {
    const [low, high] = records(1, 2);
    expect(Number(low!.dynamodb.SequenceNumber)).toBe(Number(high!.dynamodb.SequenceNumber));
    const { invoked } = await run([low!, high!], (_, invocation) => (invocation === 1 ? failing(2) : undefined));
    expect(invoked).toEqual([[1, 2], [2]]);
  });

  it('uses up no retry while it makes progress', async () => {
    const { invoked, givenUp } = await run(
      records(1, 2, 3, 4),
      (numbers) => numbers.length > 1 && failing(numbers[1]!),
      {
        maximumRetryAttempts: 0,
      },
    );
    expect(invoked).toEqual([[1, 2, 3, 4], [2, 3, 4], [3, 4], [4]]);
    expect(givenUp).toEqual([]);
  });

  it('is ignored when the mapping does not ask for reports', async () => {
    const { invoked, checkpoints } = await run(records(1, 2), () => failing(1), { reportBatchItemFailures: false });
    expect(invoked).toEqual([[1, 2]]);
    expect(checkpoints).toEqual([2]);
  });
});

describe('bisecting', () => {
  const poisoned = (bad: number) => (numbers: number[]) => (numbers.includes(bad) ? boom() : undefined);

  it('isolates the record that fails, and processes all others in order', async () => {
    const { invoked, checkpoints, givenUp } = await run(records(1, 2, 3, 4, 5), poisoned(2), {
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 1,
    });
    expect(invoked).toEqual([[1, 2, 3, 4, 5], [1, 2, 3], [1, 2], [1], [2], [2], [3], [4, 5]]);
    expect(givenUp).toEqual([['RetryAttemptsExhausted', [2]]]);
    expect(checkpoints).toEqual([1, 2, 3, 5]);
  });

  it('does not count a split as a retry', async () => {
    const { invoked, givenUp } = await run(records(1, 2, 3, 4), poisoned(1), {
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 0,
    });
    expect(invoked).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [3, 4]]);
    expect(givenUp).toEqual([['RetryAttemptsExhausted', [1]]]);
  });

  it('splits at the record that the function reported, rather than in the middle', async () => {
    const { invoked } = await run(records(1, 2, 3, 4), (_, invocation) => (invocation === 1 ? failing(4) : undefined), {
      bisectBatchOnFunctionError: true,
    });
    expect(invoked).toEqual([[1, 2, 3, 4], [4]]);
  });
});

describe('old records', () => {
  it('are given up on before the function sees them, and the shard continues', async () => {
    const { invoked, givenUp, checkpoints } = await run(
      [record(1, 0), record(2, 100)],
      () => undefined,
      { maximumRecordAgeInSeconds: 60 },
      () => 120 * SECOND,
    );
    expect(givenUp).toEqual([['RecordAgeExceeded', [1]]]);
    expect(invoked).toEqual([[2]]);
    expect(checkpoints).toEqual([1, 2]);
  });

  it('end the retries of a batch that gets too old', async () => {
    let now = 0;
    const { invoked, givenUp } = await run(
      records(1),
      () => {
        now += 30 * SECOND;
        throw new Error('boom');
      },
      { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: 60 },
      () => now,
    );
    expect(invoked).toHaveLength(3);
    expect(givenUp).toEqual([['RecordAgeExceeded', [1]]]);
  });
});
