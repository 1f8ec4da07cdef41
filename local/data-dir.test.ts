import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressesOf, claimDataDir, readAddresses, writeAddresses } from './data-dir.ts';
import { readLocalSettings } from './settings.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'data-dir-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

describe('the data directory', () => {
  it('belongs to one stack at a time', async () => {
    const release = await claimDataDir(join(dir, 'new'));
    await expect(claimDataDir(join(dir, 'new'))).rejects.toThrow(`process ${process.pid}`);
    await release();
    await (await claimDataDir(join(dir, 'new')))();
  });

  it('of a stack that was killed can be claimed', async () => {
    await writeFile(join(dir, 'pid'), String(deadPid()));
    await claimDataDir(dir);
    await expect(claimDataDir(dir)).rejects.toThrow('already');
  });

  it('whose claim was cut short can be claimed', async () => {
    await writeFile(join(dir, 'pid'), '');
    await claimDataDir(dir);
  });
});

describe('the addresses of a stack', () => {
  const addresses = addressesOf(readLocalSettings({ SHOUT_HTTP_PORT: '1234' }), { DynamoDB: 42 });

  it('can be read while it runs', async () => {
    const remove = await writeAddresses(dir, addresses);
    expect(await readAddresses(dir)).toEqual(addresses);
    expect(addresses).toMatchObject({ http: 'http://localhost:1234', ws: 'ws://localhost:3001', pid: process.pid });
    await remove();
    expect(await readAddresses(dir)).toBeUndefined();
    expect(await readdir(dir)).toEqual([]);
  });

  it('count for nothing when it was killed', async () => {
    await writeAddresses(dir, { ...addresses, pid: deadPid() });
    expect(await readAddresses(dir)).toBeUndefined();
  });
});
