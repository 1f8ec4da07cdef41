import type { DynamoDBRecord } from 'aws-lambda';
import type { StreamRecord } from '../../local/event-source-mapping/batch.ts';
import type { Position, Shard, Stream } from '../../local/event-source-mapping/stream.ts';
import type { Change } from '../in-memory/dynamodb/engine.ts';
import { recordOf } from '../in-memory/dynamodb/stream.ts';
import { Interventions } from './interventions.ts';
import type { VirtualTime } from './time.ts';

export type Record = DynamoDBRecord & StreamRecord;
export type Read = { records: Record[]; next: string | undefined } | 'lost';

interface Part {
  id: string;
  parentId: string | undefined;
  records: Record[];
  ended: boolean;
}

/** A read of a shard takes at most this many records. */
const READ_LIMIT = 1_000;

/** A table's stream: a chain of shards. {@link split} ends a shard and begins the next one. */
export class SimulatedStream implements Stream<Record> {
  readonly arn = 'arn:aws:dynamodb:sim:000000000000:table/test-events/stream/sim';
  readonly reads = new Interventions<string, Read>();
  readonly #parts: Part[] = [{ id: 'shard-0', parentId: undefined, records: [], ended: false }];
  readonly #time: VirtualTime;
  readonly #added = new Set<() => void>();
  #written = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  add(change: Change): void {
    const record = recordOf(change, ++this.#written) as Record;
    record.dynamodb.ApproximateCreationDateTime = this.#time.now() / 1_000;
    this.#parts.at(-1)!.records.push(record);
    for (const tell of this.#added) tell();
  }

  /** Calls `tell` after each new record. @returns a function that ends these calls */
  onAdd(tell: () => void): () => void {
    this.#added.add(tell);
    return () => this.#added.delete(tell);
  }

  /** Ends the open shard. New records go to its child. */
  split(): void {
    const parent = this.#parts.at(-1)!;
    parent.ended = true;
    this.#parts.push({ id: `shard-${this.#parts.length}`, parentId: parent.id, records: [], ended: false });
  }

  async shards(): Promise<Shard[]> {
    await this.#time.sleep(5);
    return this.#parts.map(({ id, parentId }) => ({ id, parentId }));
  }

  async iterator(shardId: string, position: Position): Promise<string> {
    await this.#time.sleep(5);
    const { records } = this.#part(shardId);
    if (position === 'TRIM_HORIZON') return `${shardId}|0`;
    if (position === 'LATEST') return `${shardId}|${records.length}`;
    const after = BigInt(position.after);
    const next = records.findLastIndex(({ dynamodb }) => BigInt(dynamodb.SequenceNumber) <= after) + 1;
    return `${shardId}|${next}`;
  }

  async read(iterator: string): Promise<Read> {
    await this.#time.sleep(8);
    return this.reads.run(iterator, async (asked) => {
      const [shardId, from] = asked.split('|') as [string, string];
      const { records, ended } = this.#part(shardId);
      const some = records.slice(Number(from), Number(from) + READ_LIMIT);
      const to = Number(from) + some.length;
      return { records: some, next: ended && to === records.length ? undefined : `${shardId}|${to}` };
    });
  }

  #part(shardId: string): Part {
    return this.#parts.find(({ id }) => id === shardId)!;
  }
}
