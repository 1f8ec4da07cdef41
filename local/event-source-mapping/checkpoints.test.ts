import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoints } from './checkpoints.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'checkpoints-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('checkpoints', () => {
  it('survive a restart', async () => {
    const file = join(dir, 'new/fanOut.json');
    const before = await openCheckpoints(file, 'stream-1');
    await before.advance('shard-1', '41');
    await before.advance('shard-1', '42');
    await before.finish('shard-0');
    const after = await openCheckpoints(file, 'stream-1');
    expect(after.get('shard-1')).toBe('42');
    expect(after.isFinished('shard-1')).toBe(false);
    expect(after.isFinished('shard-0')).toBe(true);
    expect(after.get('shard-2')).toBeUndefined();
  });

  it('of another stream are dropped, because the table was created again', async () => {
    const file = join(dir, 'fanOut.json');
    await (await openCheckpoints(file, 'stream-1')).advance('shard-1', '42');
    expect((await openCheckpoints(file, 'stream-2')).get('shard-1')).toBeUndefined();
  });

  it('advanced by several shards at once are all in the file', async () => {
    const file = join(dir, 'fanOut.json');
    const checkpoints = await openCheckpoints(file, 'stream-1');
    await Promise.all(Array.from({ length: 50 }, (_, n) => checkpoints.advance(`shard-${n % 5}`, String(n))));
    const after = await openCheckpoints(file, 'stream-1');
    expect([0, 1, 2, 3, 4].map((n) => after.get(`shard-${n}`))).toEqual(['45', '46', '47', '48', '49']);
    expect(await readdir(dir)).toEqual(['fanOut.json']);
  });
});
