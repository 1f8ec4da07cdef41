import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { StreamRecord } from './batch.ts';
import type { Checkpoints } from './checkpoints.ts';
import { EventSourceMapping, type MappingPolicy } from './mapping.ts';
import { createPace } from './pace.ts';
import type { Position, Shard, Stream } from './stream.ts';

type TestRecord = StreamRecord & { shard: string; wanted: boolean };

const numberOf = ({ dynamodb }: StreamRecord) => Number(dynamodb.SequenceNumber);

/** A stream in memory. Its shards can be closed, their iterators can expire, and reads can fail. */
class FakeStream implements Stream<TestRecord> {
  readonly arn = 'stream';
  readonly positions: [string, Position][] = [];
  readonly #shards = new Map<string, { parentId: string | undefined; records: TestRecord[]; closed: boolean }>();
  #next = 1;
  #generation = 0;
  failures: Error[] = [];

  open(id: string, parentId?: string): this {
    this.#shards.set(id, { parentId, records: [], closed: false });
    return this;
  }

  put(id: string, count = 1, wanted = true): this {
    for (let i = 0; i < count; i++) {
      const dynamodb = { SequenceNumber: String(this.#next++), ApproximateCreationDateTime: Date.now() / 1000 };
      this.#shards.get(id)!.records.push({ shard: id, wanted, dynamodb });
    }
    return this;
  }

  close(id: string): this {
    this.#shards.get(id)!.closed = true;
    return this;
  }

  expireIterators(): void {
    this.#generation++;
  }

  async shards(): Promise<Shard[]> {
    return [...this.#shards].map(([id, { parentId }]) => ({ id, parentId }));
  }

  async iterator(shardId: string, position: Position): Promise<string> {
    this.positions.push([shardId, position]);
    const after = typeof position === 'object' ? Number(position.after) : 0;
    const from = position === 'LATEST' ? this.#next - 1 : after;
    return JSON.stringify({ shardId, from, generation: this.#generation });
  }

  async read(iterator: string) {
    const failure = this.failures.shift();
    if (failure) throw failure;
    const { shardId, from, generation } = JSON.parse(iterator) as { shardId: string; from: number; generation: number };
    if (generation < this.#generation) return 'lost' as const;
    const { records: all, closed } = this.#shards.get(shardId)!;
    const records = all.filter((record) => numberOf(record) > from);
    const last = records.at(-1);
    const next = JSON.stringify({ shardId, from: last ? numberOf(last) : from, generation });
    return { records, next: closed ? undefined : next };
  }
}

function memoryCheckpoints(): Checkpoints {
  const after = new Map<string, string>();
  const finished = new Set<string>();
  return {
    get: (id) => after.get(id),
    isFinished: (id) => finished.has(id),
    advance: async (id, sequenceNumber) => void after.set(id, sequenceNumber),
    finish: async (id) => void finished.add(id),
  };
}

const policy: MappingPolicy = {
  startingPosition: 'TRIM_HORIZON',
  batchSize: 10,
  wanted: (record) => (record as TestRecord).wanted,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: true,
};

const running = new Set<EventSourceMapping<TestRecord>>();
afterEach(async () => {
  await Promise.all([...running].map((mapping) => mapping.stop()));
  running.clear();
});

function map(
  stream: FakeStream,
  {
    answer = () => undefined,
    checkpoints = memoryCheckpoints(),
    ...overrides
  }: Partial<MappingPolicy> & { answer?: (numbers: number[]) => unknown; checkpoints?: Checkpoints } = {},
) {
  const batches: number[][] = [];
  const troubles: unknown[] = [];
  const progress = new EventEmitter();
  const mapping = new EventSourceMapping<TestRecord>(
    { ...policy, ...overrides },
    {
      stream,
      checkpoints,
      createPace,
      invoke: async (records) => {
        const numbers = records.map(numberOf);
        batches.push(numbers);
        try {
          return await answer(numbers);
        } finally {
          progress.emit('invoked');
        }
      },
      giveUp: async () => {},
      onTrouble: (error) => {
        troubles.push(error);
        progress.emit('trouble');
      },
    },
  );
  running.add(mapping);
  mapping.start();
  /** Resolves when the function has received all these numbers. */
  const seen = async (...numbers: number[]) => {
    while (!numbers.every((n) => batches.flat().includes(n))) await once(progress, 'invoked');
  };
  return { mapping, batches, troubles, seen, progress };
}

describe('an event source mapping', () => {
  it('delivers what was there before it started, in order and in batches of the configured size', async () => {
    const { batches, seen } = map(new FakeStream().open('s').put('s', 25));
    await seen(25);
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(batches.flat()).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });

  it('starts with the next record if the position is LATEST', async () => {
    const stream = new FakeStream().open('s').put('s', 3);
    const { batches, seen, mapping } = map(stream, { startingPosition: 'LATEST' });
    while (stream.positions.length === 0) await new Promise(setImmediate);
    stream.put('s');
    mapping.wake();
    await seen(4);
    expect(batches).toEqual([[4]]);
  });

  it('skips records that the filter rejects', async () => {
    const checkpoints = memoryCheckpoints();
    const stream = new FakeStream().open('s').put('s', 2, false).put('s', 1).put('s', 2, false);
    const { batches, seen, mapping } = map(stream, { checkpoints });
    await seen(3);
    await mapping.stop();
    expect(batches).toEqual([[3]]);
    expect(checkpoints.get('s')).toBe('5');
  });

  it('reads a new record at once when it is woken', async () => {
    const stream = new FakeStream().open('s').put('s');
    const { seen, mapping } = map(stream);
    await seen(1);
    stream.put('s');
    mapping.wake();
    await seen(2);
  });

  it('continues after the checkpoint when it is started again', async () => {
    const checkpoints = memoryCheckpoints();
    const stream = new FakeStream().open('s').put('s', 3);
    const first = map(stream, { checkpoints });
    await first.seen(3);
    await first.mapping.stop();
    stream.put('s');
    const second = map(stream, { checkpoints });
    await second.seen(4);
    expect(second.batches).toEqual([[4]]);
  });

  it('delivers a batch again that was unfinished when it was stopped', async () => {
    const checkpoints = memoryCheckpoints();
    const stream = new FakeStream().open('s').put('s', 2);
    const first = map(stream, {
      checkpoints,
      answer: () => {
        throw new Error('boom');
      },
    });
    await first.seen(1, 2);
    await first.mapping.stop();
    expect(checkpoints.get('s')).toBeUndefined();
    const second = map(stream, { checkpoints });
    await second.seen(1, 2);
  });

  it('lets a running invocation finish and writes its checkpoint before it stops', async () => {
    const checkpoints = memoryCheckpoints();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { mapping } = map(new FakeStream().open('s').put('s'), {
      checkpoints,
      answer: () => {
        begin();
        return promise;
      },
    });
    await begun;
    const stopped = mapping.stop();
    resolve();
    await stopped;
    expect(checkpoints.get('s')).toBe('1');
  });

  it('blocks a shard while its batch is retried, and no other shard', async () => {
    let broken = true;
    const stream = new FakeStream().open('a').open('b').put('a', 1).put('b', 1);
    const { batches, seen, mapping, progress } = map(stream, {
      answer: ([first]) => {
        if (first === 1 && broken) throw new Error('boom');
      },
    });
    await seen(1, 2);
    stream.put('a').put('b');
    mapping.wake();
    await seen(4);
    expect(batches.flat()).not.toContain(3);
    broken = false;
    await seen(3);
    expect(batches.filter((batch) => batch[0] === 1).length).toBeGreaterThan(1);
    progress.removeAllListeners();
  });

  it('gets a new iterator when the old one expired, and neither loses nor repeats a record', async () => {
    const stream = new FakeStream().open('s').put('s', 2);
    const { batches, seen, mapping } = map(stream);
    await seen(2);
    stream.expireIterators();
    stream.put('s');
    mapping.wake();
    await seen(3);
    expect(batches).toEqual([[1, 2], [3]]);
    expect(stream.positions).toEqual([
      ['s', 'TRIM_HORIZON'],
      ['s', { after: '2' }],
    ]);
  });

  it('retries from the checkpoint when the stream could not be read', async () => {
    const stream = new FakeStream().open('s').put('s');
    stream.failures = [new Error('connection refused')];
    const { batches, seen, troubles } = map(stream);
    await seen(1);
    expect(troubles).toEqual([expect.objectContaining({ message: 'connection refused' })]);
    expect(batches).toEqual([[1]]);
  });
});

describe('shards', () => {
  it('are read parent first: a child waits until its parent was read to the end', async () => {
    const stream = new FakeStream().open('parent').open('child', 'parent').put('child', 1).put('parent', 1);
    const { batches, seen, mapping } = map(stream);
    await seen(2);
    expect(batches).toEqual([[2]]);
    stream.put('parent').close('parent');
    mapping.wake();
    await seen(1, 3);
    expect(batches).toEqual([[2], [3], [1]]);
  });

  it('are read at once if their parent is no longer listed', async () => {
    const { seen } = map(new FakeStream().open('child', 'trimmed').put('child'));
    await seen(1);
  });

  it('that were read to the end are not read again', async () => {
    const checkpoints = memoryCheckpoints();
    const stream = new FakeStream().open('parent').put('parent').close('parent').open('child', 'parent').put('child');
    const first = map(stream, { checkpoints });
    await first.seen(1, 2);
    await first.mapping.stop();
    stream.positions.length = 0;
    const second = map(stream, { checkpoints });
    stream.put('child');
    await second.seen(3);
    expect(stream.positions.map(([id]) => id)).toEqual(['child']);
  });
});
