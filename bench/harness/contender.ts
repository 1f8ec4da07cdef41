import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A benchmark's contenders, by name. Each function prepares a contender, and returns a function that runs a round. */
// biome-ignore lint/suspicious/noExplicitAny: a round is whatever the benchmark and its contenders agree on
export type Contenders = Record<string, () => Promise<(round: any) => Promise<unknown>>>;

export interface Sample {
  /** CPU time of the round: user and system time of all threads of the contender's process. */
  cpuMs: number;
  wallMs: number;
  facts: unknown;
}

export interface Contender {
  name: string;
  run(round: object): Promise<Sample>;
  stop(): void;
}

/** Starts a contender of the benchmark `file` in its own process. */
export async function startContender(file: string, name: string, env: NodeJS.ProcessEnv = {}): Promise<Contender> {
  const child = fork(join(import.meta.dirname, 'contender-process.ts'), [file, name], {
    env: { ...process.env, ...env },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => ({ error: `${name} ended with code ${code}` }));
  const answer = async () => {
    const [message] = await Promise.race([once(child, 'message'), ended.then((end) => [end])]);
    if (message.error) throw new Error(message.error);
    return message;
  };
  await answer();
  return {
    name,
    run: (round) => {
      child.send(round);
      return answer();
    },
    stop: () => child.connected && child.disconnect(),
  };
}
