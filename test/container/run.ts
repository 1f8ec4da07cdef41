/**
 * `npm run test:container` builds the image and runs a container with the confinement of compose.yaml (no root, a
 * read-only file system, a volume for the data), but on the host's network. It talks to the container, stops it and
 * starts it again. If anything fails, prints why.
 */

import { strictEqual } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { baseImage } from './base.ts';
import { type Engine, findEngine } from './engine.ts';

const IMAGE = 'localhost/shout-box-test';
const NAME = `shout-box-test-${process.pid}`;
const VOLUME = `${NAME}-data`;
const STOP_WITHIN_MS = 5_000;
const HEALTHY_WITHIN_MS = 180_000;

try {
  const engine = await findEngine();
  await test(engine);
  console.log('\nThe container works: 6 passed, 0 failed');
} catch (error) {
  console.error(`\n${(error as Error).message}`);
  process.exitCode = 1;
}

async function test(engine: Engine): Promise<void> {
  const base = await step('a base image', () => baseImage(engine, process.env));
  const limits = ['--network', 'host', ...(await grantableLimits())];
  await step('build', () =>
    engine.show(
      'build',
      '--quiet',
      ...limits,
      '--build-arg',
      `BASE=${base}`,
      '--file',
      'Containerfile',
      '--tag',
      IMAGE,
      '.',
    ),
  );
  try {
    await step('start, as compose.yaml does', () => start(engine, limits));
    await step('a conversation by way of this machine', () => smoke(engine));
    await step('not root, and a file system that is read-only', () => confined(engine));
    await step('stop in under 5 s', () => stop(engine));
    await step('start again with the same messages', () => startAgain(engine));
  } finally {
    await engine.ask('rm', '--force', NAME).catch(() => undefined);
    await engine.ask('volume', 'rm', '--force', VOLUME).catch(() => undefined);
  }
}

/**
 * Returns options of `build` and `run` that limit processes and open files. An engine's default limits may be higher
 * than this user may set (setrlimit(2)). Then no container starts without these options.
 */
async function grantableLimits(): Promise<string[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const processes = /^Max processes +\S+ +(\d+)/m.exec(limits)?.[1];
  return processes ? ['--ulimit', 'nofile=20000:20000', '--ulimit', `nproc=${processes}:${processes}`] : [];
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  console.log(`… ${name}`);
  const startedAt = performance.now();
  const result = await work();
  console.log(`✓ ${name}, ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  return result;
}

async function start(engine: Engine, limits: readonly string[]): Promise<void> {
  const confinement = [
    '--init',
    '--read-only',
    '--tmpfs',
    '/tmp',
    '--tmpfs',
    '/app/build:mode=1777',
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
  ];
  await engine.ask('run', '--detach', '--name', NAME, ...confinement, ...limits, '--volume', `${VOLUME}:/data`, IMAGE);
  await healthy(engine);
}

/** Waits until the container is healthy. Does not rely on the engine, because not every engine runs health checks. */
async function healthy(engine: Engine): Promise<void> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  const check = [
    'node_modules/.bin/node',
    '-e',
    "fetch('http://localhost:3000/config').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))",
  ];
  while (
    !(await engine.ask('exec', NAME, ...check).then(
      () => true,
      () => false,
    ))
  ) {
    const status = await engine.ask('inspect', '--format', '{{.State.Status}}', NAME);
    if (status === 'exited' || Date.now() > deadline) {
      throw new Error(`The container is ${status} and does not answer. It said:\n${await engine.said(NAME)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function smoke(engine: Engine): Promise<void> {
  const output = await engine.ask('exec', NAME, 'node_modules/.bin/node', 'deploy/smoke.ts', '--json');
  strictEqual(JSON.parse(output).ok, true, output);
  const answer = await fetch('http://localhost:3000/config');
  strictEqual(answer.status, 200);
}

async function confined(engine: Engine): Promise<void> {
  strictEqual(await engine.ask('exec', NAME, 'id', '-u'), '1000');
  const written = await engine.ask('exec', NAME, 'touch', '/app/x').then(
    () => true,
    () => false,
  );
  strictEqual(written, false, 'The file system can be written to.');
}

async function stop(engine: Engine): Promise<void> {
  const startedAt = performance.now();
  await engine.ask('stop', '--time', '10', NAME);
  const took = performance.now() - startedAt;
  if (took > STOP_WITHIN_MS) throw new Error(`It took ${Math.round(took)} ms to stop.`);
}

async function startAgain(engine: Engine): Promise<void> {
  await engine.ask('start', NAME);
  await healthy(engine);
  // Only people who are signed in may read the room of the smoke test.
  const token = await engine.ask('exec', NAME, 'node_modules/.bin/node', 'local/token.ts', 'reader');
  const headers = { authorization: `Bearer ${token.trim()}` };
  const answer = await fetch('http://localhost:3000/chat-history?room=smoke', { headers });
  const page = (await answer.json()) as { messages: unknown[] };
  strictEqual(page.messages.length, 1);
}
