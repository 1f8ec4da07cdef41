import { spawn } from 'node:child_process';

export interface Check {
  name: string;
  command: string;
  args: readonly string[];
}

export interface Outcome {
  name: string;
  ok: boolean;
  seconds: number;
  /** The check's output, followed by a sentence if it could not start, was killed or did not end in time. */
  output: string;
}

interface Options {
  /** Called when a check has ended, with the names of the checks that still run. */
  onEnd?: (outcome: Outcome, running: readonly string[]) => void;
  timeoutMs?: number;
}

/**
 * Runs all checks at the same time. A failure stops no other check.
 *
 * @returns the outcomes in the order of `checks`
 */
export async function runChecks(
  checks: readonly Check[],
  { onEnd, timeoutMs = 600_000 }: Options = {},
): Promise<Outcome[]> {
  const running = new Set(checks.map(({ name }) => name));
  return Promise.all(
    checks.map(async (check) => {
      const outcome = await runCheck(check, timeoutMs);
      running.delete(check.name);
      onEnd?.(outcome, [...running]);
      return outcome;
    }),
  );
}

function runCheck({ name, command, args }: Check, timeoutMs: number): Promise<Outcome> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    const end = (ok: boolean, sentence = '') => {
      clearTimeout(timeout);
      resolve({ name, ok, seconds: (performance.now() - start) / 1_000, output: output + sentence });
    };
    const timeout = setTimeout(() => {
      child.kill('SIGKILL');
      // Processes that the check started may live on and hold the pipes, which would keep this process alive.
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      end(false, `${name} did not end within ${timeoutMs / 1_000} s and was stopped.\n`);
    }, timeoutMs);
    child.once('error', ({ message }) =>
      end(false, `${command} could not be started: ${message}. Run npm ci first.\n`),
    );
    child.once('close', (code, signal) => end(code === 0, signal ? `${command} was ended by ${signal}.\n` : ''));
  });
}
