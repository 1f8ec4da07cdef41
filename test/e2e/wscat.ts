import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ServerFrame } from '../../src/domain/schema.generated.ts';
import type { Stack } from '../stack.ts';

const root = join(import.meta.dirname, '../..');
/** Time between two pings of a wscat that is not connected yet, ms. */
const ASK_AGAIN_MS = 250;

/**
 * The real wscat, started with the arguments of the command that the stack prints, and a token from
 * `npm run -s token -- NAME`.
 */
export interface Wscat extends AsyncDisposable {
  send(frame: object): void;
  /** Removes and returns the first received frame that fits. Waits for one if none has arrived yet. */
  receives<T extends ServerFrame>(fits: (frame: ServerFrame) => frame is T): Promise<T>;
}

/** Starts wscat, and waits until it is connected. @throws Error if wscat ends before that */
export async function startWscat({ ws, dataDir }: Stack, name: string): Promise<Wscat> {
  const { stdout: token } = await promisify(execFile)('npm', ['run', '-s', 'token', '--', name], {
    cwd: root,
    env: { ...process.env, SHOUT_DATA_DIR: dataDir },
  });
  const child: ChildProcess = spawn('npx', ['wscat', '-c', ws, '-H', `Authorization: Bearer ${token.trim()}`], {
    cwd: root,
  });
  const lines = createInterface(child.stdout!);
  const frames: ServerFrame[] = [];
  lines.on('line', (line) => {
    const json = /\{.*\}/.exec(line)?.[0];
    if (json) frames.push(JSON.parse(json) as ServerFrame);
  });
  const send = (frame: object) => void child.stdin!.write(`${JSON.stringify(frame)}\n`);
  // Pings until a pong arrives. wscat drops input that it reads before it is connected, and it prints that it is
  // connected only if its output is a terminal.
  while (!frames.some(({ type }) => type === 'pong')) {
    if (child.exitCode !== null) throw new Error(`wscat ended with ${child.exitCode}.`);
    send({ action: 'ping' });
    await Promise.race([once(lines, 'line'), sleep(ASK_AGAIN_MS)]);
  }
  return {
    send,
    receives: async (fits) => {
      for (;;) {
        const at = frames.findIndex(fits);
        if (at >= 0) return frames.splice(at, 1)[0] as never;
        await once(lines, 'line');
      }
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin!.end();
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
