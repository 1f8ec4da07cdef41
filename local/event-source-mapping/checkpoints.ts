import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How far one mapping has come in each shard: the last sequence number done, or that the shard is read to its end. */
export interface Checkpoints {
  get(shardId: string): string | undefined;
  isFinished(shardId: string): boolean;
  advance(shardId: string, sequenceNumber: string): Promise<void>;
  finish(shardId: string): Promise<void>;
}

interface Kept {
  /** Another stream's numbers mean nothing: a table that was made anew starts anew. */
  streamArn: string;
  shards: Record<string, { after?: string; finished?: true }>;
}

/** Keeps the checkpoints in a file, replaced whole, so that a crash leaves the one or the other. */
export async function openCheckpoints(file: string, streamArn: string): Promise<Checkpoints> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const found = text === undefined ? undefined : (JSON.parse(text) as Kept);
  const kept: Kept = found?.streamArn === streamArn ? found : { streamArn, shards: {} };
  await mkdir(dirname(file), { recursive: true });
  let writing = Promise.resolve();
  const save = (): Promise<void> => {
    // One after the other: shards share the file.
    writing = writing.then(async () => {
      await writeFile(`${file}.new`, JSON.stringify(kept));
      await rename(`${file}.new`, file);
    });
    return writing;
  };
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
