import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Claims the directory in another process, which then runs the script `then`. */
const claimInProcess = (then: string) => {
  const script = `import { claimDataDir } from './local/data-dir.ts'; await claimDataDir(${JSON.stringify(dir)}); ${then}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
};

describe('the data directory', () => {
  it('belongs to one stack at a time', async () => {
    const claim = await claimDataDir(join(dir, 'new'));
    expect(claim.afterCrash).toBe(false);
    await expect(claimDataDir(join(dir, 'new'))).rejects.toThrow(`process ${process.pid}`);
    await claim.release();
    const next = await claimDataDir(join(dir, 'new'));
    expect(next.afterCrash).toBe(false);
    await next.release();
  });

  it('can’t be claimed while another process has it, and can be at once when that process was killed', async () => {
    const holder = claimInProcess('console.log("mine"); setInterval(() => {}, 1000)');
    await once(holder.stdout, 'data');
    await expect(claimDataDir(dir)).rejects.toThrow(`already (process ${holder.pid})`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const claim = await claimDataDir(dir);
    expect(claim.afterCrash).toBe(true);
    await claim.release();
  });

  it('is decided by the lock, not by the process id in the file, which may belong to any process by now', async () => {
    await writeFile(join(dir, 'pid'), String(process.ppid));
    const claim = await claimDataDir(dir);
    expect(claim.afterCrash).toBe(true);
    await claim.release();
  });

  it('can be claimed while somebody checks whether a stack runs', async () => {
    await writeFile(join(dir, 'local.json'), '{}');
    for (let round = 0; round < 20; round++) {
      const [, claim] = await Promise.all([readAddresses(dir), claimDataDir(dir), readAddresses(dir)]);
      await claim.release();
    }
  });
});

describe('the addresses of a stack', () => {
  const addresses = addressesOf(readLocalSettings({ SHOUT_HTTP_PORT: '1234' }), { DynamoDB: 42 });

  it('can be read while it runs', async () => {
    const claim = await claimDataDir(dir);
    const remove = await writeAddresses(dir, addresses);
    expect(await readAddresses(dir)).toEqual(addresses);
    expect(addresses).toMatchObject({ http: 'http://localhost:1234', ws: 'ws://localhost:3001', pid: process.pid });
    await remove();
    expect(await readAddresses(dir)).toBeUndefined();
    await claim.release();
    expect(await readdir(dir)).toEqual(['lock']);
  });

  it('are gone when the next stack starts, although the stack before was killed', async () => {
    await writeAddresses(dir, addresses);
    const claim = await claimDataDir(dir);
    expect(await readAddresses(dir)).toBeUndefined();
    await claim.release();
  });

  it('are ignored when the stack was killed', async () => {
    const holder = claimInProcess('');
    await once(holder, 'exit');
    // Another process may have got the id of the killed one by now. The process of this test plays that other process.
    await writeAddresses(dir, { ...addresses, pid: process.pid });
    expect(await readAddresses(dir)).toBeUndefined();
  });
});
