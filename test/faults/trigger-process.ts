import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackEnd } from './back-end.ts';
import { json, on, withJson } from './proxies/dynamodb.ts';
import { HttpProxy, type Intervention } from './proxies/http-proxy.ts';

/**
 * Another event source mapping from the stream to fanOut, besides the stack's own. It has a process and proxies of its
 * own, and can be killed at any moment.
 */
export class TriggerProcess {
  readonly storage: HttpProxy;
  readonly posts: HttpProxy;
  readonly #backEnd: BackEnd;
  /** Holds the checkpoints. Later triggers of the same name use the same directory and resume there. */
  readonly #dir: string;
  #process: ChildProcess | undefined;

  private constructor(backEnd: BackEnd, dir: string, storage: HttpProxy, posts: HttpProxy) {
    this.#backEnd = backEnd;
    this.#dir = dir;
    this.storage = storage;
    this.posts = posts;
  }

  static async start(backEnd: BackEnd, name: string): Promise<TriggerProcess> {
    const dir = join(backEnd.dir, name);
    await mkdir(dir, { recursive: true });
    const storage = await HttpProxy.start(() => backEnd.engine.endpoint);
    const posts = await HttpProxy.start(() => backEnd.connectionsApi);
    const trigger = new TriggerProcess(backEnd, dir, storage, posts);
    await trigger.start();
    return trigger;
  }

  async start(): Promise<void> {
    const env = this.#backEnd.functionEnvironment({
      DYNAMODB_ENDPOINT: this.storage.url,
      CONNECTIONS_ENDPOINT: this.posts.url,
      SHOUT_DATA_DIR: this.#dir,
    });
    const child = fork(join(import.meta.dirname, 'trigger.ts'), { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#process = child;
    const ended = once(child, 'exit').then(([code]) => {
      if (code !== null) throw new Error(`The trigger ended with code ${code}.`);
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => {});
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async loseCheckpoints(): Promise<void> {
    await rm(this.#dir, { recursive: true, force: true });
    await mkdir(this.#dir, { recursive: true });
  }

  /** Stops the trigger after its current batch, and then its proxies. */
  async stop(): Promise<void> {
    const child = this.#process!;
    if (child.connected) {
      const ended = once(child, 'exit');
      child.send('stop');
      await ended;
    }
    await Promise.all([this.storage.stop(), this.posts.stop()]);
  }
}

/** Answers `GetRecords` with no records and the same iterator, so that the stack's own trigger does not advance. */
export const seesNothing: Intervention = on(['GetRecords'], async (call) => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: withJson(call, { Records: [], NextShardIterator: json<{ ShardIterator: string }>(call).ShardIterator }).body,
}));
