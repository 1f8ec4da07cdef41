import { setTimeout as delay } from 'node:timers/promises';
import { type BatchEffects, type BatchPolicy, processBatch, type StreamRecord } from './batch.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { RecordFilter } from './filter.ts';
import type { Pace } from './pace.ts';
import type { Position, Shard, Stream } from './stream.ts';

export interface MappingPolicy extends BatchPolicy {
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  batchSize: number;
  wanted: RecordFilter;
}

export interface MappingPorts<R extends StreamRecord> extends Pick<BatchEffects<R>, 'invoke' | 'giveUp'> {
  stream: Stream<R>;
  checkpoints: Checkpoints;
  /** Called for each shard when its reader starts. */
  createPace(): Pace;
  /** Called with an error after which the mapping tries again. */
  onTrouble(error: unknown): void;
  /** By default the machine's clock and timers. */
  time?: Time;
}

export interface Time {
  now(): number;
  /** Rejects when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const realTime: Time = { now: Date.now, sleep: (ms, signal) => delay(ms, undefined, { signal }) };

const AFTER_TROUBLE_MS = 1_000;
/** Interval between two looks for new shards. Child shards are found earlier: when the reader of their parent ends. */
const DISCOVER_EVERY_MS = 30_000;

/**
 * Emulates a Lambda event source mapping: passes a stream's records to a function in batches, in order within each
 * shard.
 */
export class EventSourceMapping<R extends StreamRecord> {
  readonly #policy: MappingPolicy;
  readonly #ports: MappingPorts<R>;
  readonly #time: Time;
  readonly #stop = new AbortController();
  readonly #readers = new Map<string, { pace: Pace; done: Promise<void> }>();
  #discovering: Promise<void> | undefined;

  constructor(policy: MappingPolicy, ports: MappingPorts<R>) {
    this.#policy = policy;
    this.#ports = ports;
    this.#time = ports.time ?? realTime;
  }

  start(): void {
    this.#discovering = this.#discover();
  }

  /** Makes each shard's reader poll without further wait. Call it when there is something to read, or soon will be. */
  wake(): void {
    for (const { pace } of this.#readers.values()) pace.wake();
  }

  /**
   * Stops reading, and lets running invocations finish. A batch that waits for its retry is left unfinished and
   * delivered again after a restart.
   */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#discovering;
    await Promise.all([...this.#readers.values()].map(({ done }) => done));
  }

  async #discover(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#attempt(async () => this.#startReaders(await this.#ports.stream.shards()));
      // Ends the wait early when a shard's reader ends, because the readers of the shard's children can then start.
      const ended = [...this.#readers.values()].map(({ done }) => done);
      await Promise.race([...ended, this.#time.sleep(DISCOVER_EVERY_MS, signal).catch(() => {})]);
    }
  }

  #startReaders(shards: readonly Shard[]): void {
    const { checkpoints } = this.#ports;
    const listed = new Set(shards.map(({ id }) => id));
    for (const { id, parentId } of shards) {
      const parentRead = parentId === undefined || !listed.has(parentId) || checkpoints.isFinished(parentId);
      if (!parentRead || checkpoints.isFinished(id) || this.#readers.has(id)) continue;
      const pace = this.#ports.createPace();
      const done = this.#read(id, pace).finally(() => this.#readers.delete(id));
      this.#readers.set(id, { pace, done });
    }
  }

  /** Reads one shard until the shard ends or the mapping stops. */
  async #read(shardId: string, pace: Pace): Promise<void> {
    const { stream, checkpoints } = this.#ports;
    const { signal } = this.#stop;
    let iterator: string | undefined;
    while (!signal.aborted) {
      const ended = await this.#attempt(async () => {
        const from: string = iterator ?? (await stream.iterator(shardId, this.#position(shardId)));
        // If anything fails from here on, the next attempt gets a new iterator, which starts after the checkpoint.
        iterator = undefined;
        const answer = await stream.read(from);
        if (answer === 'lost') return false;
        await this.#handle(shardId, answer.records);
        iterator = answer.next;
        if (answer.next === undefined) {
          await checkpoints.finish(shardId);
          return true;
        }
        if (answer.records.length > 0) pace.wake();
        else await pace.wait(signal);
        return false;
      });
      if (ended) return;
    }
  }

  #position(shardId: string): Position {
    const after = this.#ports.checkpoints.get(shardId);
    return after === undefined ? this.#policy.startingPosition : { after };
  }

  async #handle(shardId: string, records: readonly R[]): Promise<void> {
    const { batchSize, wanted } = this.#policy;
    const { invoke, giveUp, checkpoints } = this.#ports;
    const { signal } = this.#stop;
    const checkpoint = ({ dynamodb }: R) => checkpoints.advance(shardId, dynamodb.SequenceNumber);
    const matching = records.filter(wanted);
    for (let at = 0; at < matching.length; at += batchSize) {
      signal.throwIfAborted();
      await processBatch(matching.slice(at, at + batchSize), this.#policy, {
        invoke,
        giveUp,
        checkpoint,
        sleep: (ms) => this.#time.sleep(ms, signal),
        now: () => this.#time.now(),
      });
    }
    // The records after the last match did not pass the filter. The checkpoint moves past them, too.
    const last = records.at(-1);
    if (last && last !== matching.at(-1)) await checkpoint(last);
  }

  /**
   * Runs one step of a loop. If the step fails, reports the error and waits; if the mapping is stopping, does neither.
   * @returns undefined if the step failed
   */
  async #attempt<T>(step: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.#stop;
    try {
      return await step();
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#ports.onTrouble(error);
      await this.#time.sleep(AFTER_TROUBLE_MS, signal).catch(() => {});
      return undefined;
    }
  }
}
