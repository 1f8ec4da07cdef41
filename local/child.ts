import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  pid: number | undefined;
  /**
   * Resolves when the process has ended or could not start. The value completes a sentence about the process, such
   * as `ended with code 1`.
   */
  ended: Promise<string>;
  /** Resolves when the child sends this message over the IPC channel. */
  said(message: string): Promise<void>;
  /** Sends SIGTERM, and SIGKILL if the process still runs after the grace period. Resolves when it has ended. */
  stop(): Promise<void>;
}

interface ChildOptions {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Called with every line that the process prints. */
  onLine: (line: string, isError: boolean) => void;
}

const GRACE_MS = 8_000;

/**
 * Starts a process in a process group of its own. Ctrl-C in the terminal therefore does not end it. `Supervisor`
 * (supervisor.ts) ends it instead, after the parts of the stack that were started later.
 */
export function startChild({ command, args, env, onLine }: ChildOptions): Child {
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  createInterface(child.stdout!).on('line', (line) => onLine(line, false));
  createInterface(child.stderr!).on('line', (line) => onLine(line, true));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });
  return {
    pid: child.pid,
    ended,
    said: async (message) => {
      for (;;) {
        const [received] = await once(child, 'message');
        if (received === message) return;
      }
    },
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
