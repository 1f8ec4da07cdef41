import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let commands: string;
beforeEach(async () => {
  commands = await mkdtemp(join(tmpdir(), 'shout-box-commands-'));
});
afterEach(() => rm(commands, { recursive: true }));

const install = (name: string, script: string) =>
  writeFile(join(commands, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

/**
 * Runs the script of `npm run test:container` with only the commands that {@link install} has added. @returns how it
 * failed
 */
async function failure(env: Record<string, string> = {}): Promise<{ code: number; stderr: string; stdout: string }> {
  const run = promisify(execFile)(process.execPath, ['test/container/run.ts'], { env: { PATH: commands, ...env } });
  return run.then(
    () => Promise.reject(new Error('It passed.')),
    (error) => error,
  );
}

describe('npm run test:container says in a sentence', () => {
  it('that there is no container engine', async () => {
    expect(await failure()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^\nThere is neither docker nor podman on this machine: install one of them .*\n$/),
    });
  });

  it('that no registry is reached and no base can be built', async () => {
    await install('docker', '[ "$1" = --version ]');
    expect(await failure()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/docker\.io\/library\/node:\S+ cannot be pulled here/),
      stderr: expect.stringMatching(/^\nA base can be built by root with mmdebstrap alone .* set CONTAINER_BASE .*\n$/),
    });
  });

  it('that the image cannot be built', async () => {
    await install('podman', '[ "$1" != build ]');
    expect(await failure()).toMatchObject({ code: 1, stderr: '\npodman build failed.\n' });
  });

  it('that the container ended, and what it printed', async () => {
    await install('docker', 'case "$1" in exec) exit 1;; inspect) echo exited;; logs) echo "no such table";; esac');
    expect(await failure({ CONTAINER_BASE: 'x' })).toMatchObject({
      code: 1,
      stderr: '\nThe container is exited and does not answer. It said:\nno such table\n',
    });
  });
});
