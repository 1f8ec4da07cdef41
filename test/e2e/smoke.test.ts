import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StepResult, smoke } from '../../deploy/smoke/run.ts';
import { steps } from '../../deploy/smoke/steps.ts';
import { freePort } from '../../local/ports.ts';
import { type Stack, startStack } from '../stack.ts';

let stack: Stack & AsyncDisposable;

beforeAll(async () => {
  // Nobody listens on this port, so every post of the fan-out fails.
  stack = await startStack({ env: { CONNECTIONS_ENDPOINT: 'http://127.0.0.1:9' } });
});
afterAll(() => stack?.[Symbol.asyncDispose]());

/** Runs the smoke test's command. @returns its output and its exit code */
async function runSmoke(args: string[], env: Record<string, string>): Promise<{ output: string; code: number }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['deploy/smoke.ts', ...args], {
      env: { ...process.env, ...env },
    });
    return { output: stdout + stderr, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { output: stdout + stderr, code };
  }
}

async function failedStep(server: string, token: () => Promise<string>): Promise<StepResult> {
  const results: StepResult[] = [];
  expect(await smoke({ name: 'a broken stack', server, token }, steps, (result) => results.push(result), 3_000)).toBe(
    false,
  );
  return results.at(-1)!;
}

describe('npm run smoke', () => {
  it('holds a conversation with a stack that works, and says how long each step took', async () => {
    await using healthy = await startStack();
    const { output, code } = await runSmoke([], { SHOUT_DATA_DIR: healthy.dataDir });
    expect(output.match(/✓ .* ms/g)).toHaveLength(8);
    expect(output).toContain('It works.');
    expect(code).toBe(0);
  });

  it('names the fan-out where a message is acked and never arrives', async () => {
    const { step, error } = await failedStep(stack.http, () => stack.token('smoke'));
    expect(step).toBe('the other socket gets it');
    expect(error).toMatch(/^no answer within 3 s\. At fault: the table's stream, the fanOut function/);
  });

  it('names the token where the server does not take it', async () => {
    const { output, code } = await runSmoke(['--json'], { SHOUT_DATA_DIR: stack.dataDir, SMOKE_TOKEN: 'not-a-token' });
    expect(code).toBe(1);
    const { ok, steps } = JSON.parse(output);
    expect(ok).toBe(false);
    expect(steps.at(-1)).toMatchObject({ step: 'connect, twice', ok: false });
    expect(steps.at(-1).error).toMatch(/^localhost:\d+ closed the socket .*what it takes for a good token/);
  });

  it('names the API where nobody answers', async () => {
    const server = `http://127.0.0.1:${await freePort()}`;
    const { step, error } = await failedStep(server, async () => '');
    expect(step).toBe('settings');
    expect(error).toMatch(/\/config does not answer: .*ECONNREFUSED.*\. At fault: the HTTP API/);
    expect(error).toContain(server);
  });

  it('says in a sentence that no stack runs, and refuses arguments it does not know', async () => {
    const nowhere = { SHOUT_DATA_DIR: '/nonexistent' };
    const none = await runSmoke([], nowhere);
    expect(none).toMatchObject({ code: 1, output: expect.stringContaining('No stack is running on /nonexistent') });
    const unknown = await runSmoke(['--room', 'x'], nowhere);
    expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining("Unknown option '--room'") });
  });
});
