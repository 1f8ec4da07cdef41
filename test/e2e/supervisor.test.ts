import { fork as forkProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, watch } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAddresses } from '../../local/data-dir.ts';
import { freePortVariables, startStack, untilNobodyListens } from '../stack.ts';

const root = join(import.meta.dirname, '../..');

let dataDir: string;
let ports: Record<string, string>;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shout-box-'));
  ports = await freePortVariables();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function fork(script: string, args: string[], env: Record<string, string>) {
  const environment = { ...process.env, ...ports, SHOUT_DATA_DIR: dataDir, ...env };
  return forkProcess(join('local', script), args, { cwd: root, env: environment, silent: true, execArgv: [] });
}

/** Runs a script of `local/` to its end. */
async function run(script: string, args: string[] = [], env: Record<string, string> = {}) {
  const child = fork(script, args, env);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output: output.trim() };
}

describe('npm start', () => {
  it('says which port is taken, and by which variable to move it', async () => {
    const port = ports.SHOUT_HTTP_PORT!;
    const squatter = createServer().listen(Number(port), '127.0.0.1');
    await once(squatter, 'listening');
    const { code, output } = await run('start.ts');
    squatter.close();
    expect(output).toBe(`Port ${port} is taken: stop what listens there, or set SHOUT_HTTP_PORT to a free one.`);
    expect(code).toBe(1);
    expect(await readdir(dataDir)).toEqual(['lock']);
  });

  it('refuses a port that is none', async () => {
    const { code, output } = await run('start.ts', [], { SHOUT_WS_PORT: 'many' });
    expect(output).toBe('SHOUT_WS_PORT must be a whole number from 1 to 65535, not "many".');
    expect(code).toBe(1);
  });

  it('refuses a configuration that the functions would refuse', async () => {
    const { code, output } = await run('start.ts', [], { RATE_BURST: 'lots' });
    expect(output).toMatch(/^Wrong configuration: RATE_BURST must be an integer .*, not "lots"\.$/);
    expect(code).toBe(1);
  });

  it.each(['DYNAMODB_ENDPOINT', 'ISSUER'])('says that nobody answers where %s points', async (variable) => {
    const nobody = `http://localhost:${ports.SHOUT_HTTP_PORT}`;
    const { code, output } = await run('start.ts', [], { [variable]: nobody });
    expect(output).toBe(`Nothing answers at ${nobody}: start the server there, or unset ${variable}.`);
    expect(code).toBe(1);
  });

  it('does not share its data with a second one', async () => {
    await using first = await startStack({ dataDir });
    await expect(startStack({ dataDir })).rejects.toThrow(
      `A stack is running on ${dataDir} already (process ${first.pid}): stop it, or set SHOUT_DATA_DIR to another directory.`,
    );
    expect((await fetch(`${first.http}/config`)).status).toBe(200);
  });

  it('comes up after kill -9 although nobody has reaped the process, which still answers to its id', async () => {
    // `exec` replaces the shell by `sleep`, which never reaps its child. So the killed process stays a zombie.
    const script = `"${process.execPath}" local/start.ts & exec sleep 600`;
    const env = { ...process.env, ...ports, SHOUT_DATA_DIR: dataDir };
    const parent = spawn('sh', ['-c', script], { cwd: root, env, stdio: 'ignore' });
    for await (const { filename } of watch(dataDir)) if (filename === 'local.json') break;
    const { pid } = (await readAddresses(dataDir))!;
    process.kill(pid, 'SIGKILL');
    try {
      // Starts on the same ports, which the children of the killed process still hold for a moment.
      const child = fork('start.ts', [], {});
      let output = '';
      child.stderr!.on('data', (text) => (output += text));
      const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      expect(output).toBe('');
      expect(message).toBe('ready');
      expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      parent.kill();
    }
  });

  it.each(['DynamoDB', 'back end'])('ends, with all that is left and an error, when the %s dies', async (name) => {
    await using stack = await startStack({ dataDir });
    process.kill(stack.children[name]!, 'SIGKILL');
    expect(await stack.ended()).toBe(1);
    expect(stack.output()).toContain(`The ${name} was ended by SIGKILL.`);
    await stack.gone();
    expect(await readdir(dataDir)).not.toContain('local.json');
  });

  it('leaves nothing behind when it is told to stop before it is up', async () => {
    const child = fork('start.ts', [], {});
    for await (const { filename } of watch(dataDir)) if (filename?.startsWith('dynamodb')) break;
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    await Promise.all(Object.values(ports).map((port) => untilNobodyListens(Number(port))));
    expect(await readdir(dataDir)).not.toContain('pid');
  });
});

describe('npm run token', () => {
  it('needs a stack', async () => {
    const { code, output } = await run('token.ts', ['me']);
    expect(output).toBe(`No stack is running on ${dataDir}: run npm start in another terminal.`);
    expect(code).toBe(1);
  });

  it.each([
    { args: [], says: 'A name is missing' },
    { args: [''], says: 'A name is missing' },
    { args: ['Ann', 'Lee'], says: 'Give one name' },
    { args: ['me', '--role', 'admin'], says: 'There is no role "admin": moderator is the only one.' },
    { args: ['me', '--role'], says: '--role' },
    { args: ['me', '--rol', 'moderator'], says: "Unknown option '--rol'" },
  ])('with $args says in a line what is wrong', async ({ args, says }) => {
    const { code, output } = await run('token.ts', args);
    expect(output).toContain(says);
    expect(output).not.toContain('\n');
    expect(code).toBe(1);
  });
});
