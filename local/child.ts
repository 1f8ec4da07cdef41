import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  pid: number | undefined;
  /** Settles when the process has ended or could not begin, with how that was. */
  ended: Promise<string>;
  /** Settles when it sends this message over its channel. */
  said(message: string): Promise<void>;
  /** Asks it to end, then makes it. */
  stop(): Promise<void>;
}

interface ChildOptions {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Called with every line it prints. */
  onLine: (line: string, isError: boolean) => void;
}

const GRACE_MS = 8_000;

/** Starts a process in its own group, so that a Ctrl-C in the terminal reaches the supervisor alone, which stops it in order. */
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
