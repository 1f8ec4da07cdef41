import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAddresses, readAddresses } from '../local/data-dir.ts';
import { freePort } from '../local/ports.ts';
import { redirectUris } from '../local/settings.ts';
import { signIn } from '../local/sign-in.ts';

export interface Stack extends LocalAddresses {
  dataDir: string;
  /** Returns everything that the stack has printed so far. */
  output(): string;
  /** Returns an access token for a person of this name, from the stack's own issuer. */
  token(name: string): Promise<string>;
  /** Stops the stack by SIGTERM, which has the effect of Ctrl-C, and starts it again on the same ports and data. */
  restart(): Promise<void>;
  /** Kills the stack's main process with SIGKILL, and waits until nobody listens on the stack's ports any more. */
  kill9(): Promise<void>;
  /** Starts the stack again on the same ports and data. Call it after the stack has ended. */
  start(): Promise<void>;
  /** Stops the stack by SIGTERM, which has the effect of Ctrl-C. @returns the exit code */
  stop(): Promise<number | null>;
  /** Waits until the stack has ended by itself. @returns the exit code */
  ended(): Promise<number | null>;
  /** Waits until nobody listens on any of the stack's ports any more. */
  gone(): Promise<void>;
}

interface Options {
  /** Environment variables that replace the defaults, such as RATE_PER_SECOND. */
  env?: Record<string, string>;
  /**
   * The data directory, which the caller removes. If undefined, the stack uses a temporary directory, and removes it
   * when the stack is disposed of.
   */
  dataDir?: string;
}

const root = join(import.meta.dirname, '..');
const portNames = ['HTTP', 'WS', 'WEB', 'ISSUER', 'DYNAMODB'];

/**
 * Starts the stack of `npm start` on free ports. The stack runs until it is disposed of.
 * @example await using stack = await startStack();
 */
export async function startStack({ env = {}, dataDir }: Options = {}): Promise<Stack & AsyncDisposable> {
  const dir = dataDir ?? (await mkdtemp(join(tmpdir(), 'shout-box-')));
  const ports = await freePortVariables();
  const environment = { ...process.env, ...ports, SHOUT_DATA_DIR: dir, ...env };
  let output = '';
  let supervisor = await run();

  async function run(): Promise<ChildProcess> {
    const child = fork('local/start.ts', { cwd: root, env: environment, silent: true, execArgv: [] });
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (output += text));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`The stack did not start:\n${output}`);
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => {});
    return child;
  }

  async function ended(): Promise<number | null> {
    if (supervisor.exitCode === null && supervisor.signalCode === null) await once(supervisor, 'exit');
    return supervisor.exitCode;
  }

  function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    supervisor.kill(signal);
    return ended();
  }

  async function gone(): Promise<void> {
    await Promise.all(Object.values(ports).map((port) => untilNobodyListens(Number(port))));
  }

  const addresses = (await readAddresses(dir))!;
  const [redirectUri] = redirectUris({ web: addresses.web, otherOrigin: addresses.web });
  return {
    ...addresses,
    dataDir: dir,
    output: () => output,
    token: async (name) => (await signIn({ ...addresses, redirectUri, name })).access_token,
    restart: async () => {
      await end('SIGTERM');
      supervisor = await run();
    },
    kill9: async () => {
      await end('SIGKILL');
      await gone();
    },
    start: async () => {
      supervisor = await run();
    },
    stop: () => end('SIGTERM'),
    ended,
    gone,
    [Symbol.asyncDispose]: async () => {
      await end('SIGTERM');
      if (!dataDir) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Returns the variables `SHOUT_*_PORT` with free ports. */
export async function freePortVariables(): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const name of portNames) variables[`SHOUT_${name}_PORT`] = String(await freePort());
  return variables;
}

/** Waits until nobody listens on a port. The process that listened need not be a child of this one. */
export async function untilNobodyListens(port: number): Promise<void> {
  for (;;) {
    try {
      return await close(await listen(port));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
