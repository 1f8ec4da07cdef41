import { readFile } from 'node:fs/promises';
import { replacedFile } from '../replaced-file.ts';

/** A mapping's position in each shard: after the last record that is done, or at the end of the shard. */
export interface Checkpoints {
  get(shardId: string): string | undefined;
  isFinished(shardId: string): boolean;
  advance(shardId: string, sequenceNumber: string): Promise<void>;
  finish(shardId: string): Promise<void>;
}

interface Kept {
  /** The stream that the sequence numbers belong to. A table that was created again has a new stream. */
  streamArn: string;
  shards: Record<string, { after?: string; finished?: true }>;
}

/**
 * Reads the checkpoints from a file, and writes all of them to it at every change. Checkpoints of another stream are
 * dropped.
 */
export async function openCheckpoints(file: string, streamArn: string): Promise<Checkpoints> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const found = text === undefined ? undefined : (JSON.parse(text) as Kept);
  const kept: Kept = found?.streamArn === streamArn ? found : { streamArn, shards: {} };
  const write = replacedFile(file);
  const save = () => write(JSON.stringify(kept));
  return {
    get: (shardId) => kept.shards[shardId]?.after,
    isFinished: (shardId) => kept.shards[shardId]?.finished === true,
    advance: (shardId, after) => {
      kept.shards[shardId] = { after };
      return save();
    },
    finish: (shardId) => {
      kept.shards[shardId] = { ...kept.shards[shardId], finished: true };
      return save();
    },
  };
}
