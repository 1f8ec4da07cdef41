import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readAddresses } from '../../local/data-dir.ts';
import { freePort } from '../../local/ports.ts';
import { type Stack, startStack } from '../stack.ts';
import { AWS_ENVIRONMENT, Engine } from './engine.ts';
import { AUDIENCE, CLIENT_ID, Issuer } from './issuer.ts';
import { HttpProxy } from './proxies/http-proxy.ts';
import { Shards } from './proxies/shards.ts';
import { EVENTS_TABLE, STATE_TABLE } from './room-store.ts';

const run = promisify(execFile);

/** The real stack, with dependencies that tests can make fail: an issuer, and proxies for the other services. */
export class BackEnd {
  readonly dir: string;
  readonly engine: Engine;
  readonly issuer: Issuer;
  /** Proxy between the stack and DynamoDB, including its streams. */
  readonly storage: HttpProxy;
  /** Makes shards of the stream look ended to the stack. The local engine itself never ends a shard. */
  readonly shards = new Shards();
  /** Proxy between the functions and API Gateway's `@connections`, to which they post the frames for clients. */
  readonly posts: HttpProxy;
  readonly #environment: Record<string, string>;
  #stack: (Stack & AsyncDisposable) | undefined;

  static async start(): Promise<BackEnd> {
    const dir = await mkdtemp(join(tmpdir(), 'shout-box-faults-'));
    const engine = await Engine.start(dir);
    const storage = await HttpProxy.start(() => engine.endpoint);
    const posts = await HttpProxy.start(() => backEnd.connectionsApi);
    const queue = `http://127.0.0.1:${await freePort()}/parked-events`;
    const backEnd: BackEnd = new BackEnd(dir, engine, await Issuer.start(), storage, posts, queue);
    await backEnd.startStack();
    return backEnd;
  }

  private constructor(
    dir: string,
    engine: Engine,
    issuer: Issuer,
    storage: HttpProxy,
    posts: HttpProxy,
    queue: string,
  ) {
    this.dir = dir;
    this.engine = engine;
    this.issuer = issuer;
    this.storage = storage;
    this.posts = posts;
    this.#environment = {
      ...AWS_ENVIRONMENT,
      DYNAMODB_ENDPOINT: storage.url,
      CONNECTIONS_ENDPOINT: posts.url,
      PARKING_QUEUE: queue,
      ISSUER: issuer.url,
      AUDIENCE,
      CLIENT_ID,
      MODERATORS: 'moderator',
      // High limits, so that the rate limiter does not stop the writers.
      RATE_BURST: '1000',
      RATE_PER_SECOND: '200',
    };
    storage.intervene(this.shards.intervention);
  }

  get http(): string {
    return this.#stack!.http.replace('localhost', '127.0.0.1');
  }

  get ws(): string {
    return this.#stack!.ws.replace('localhost', '127.0.0.1');
  }

  get connectionsApi(): string {
    return this.ws.replace(/^ws/, 'http');
  }

  /** Returns the environment for another process that uses the stack's services, such as a second trigger. */
  functionEnvironment(overrides: Record<string, string>): Record<string, string> {
    const tables = { EVENTS_TABLE, STATE_TABLE };
    const unused = { WEBSOCKET_URL: this.ws, ALLOWED_ORIGINS: '*' };
    return { ...(process.env as Record<string, string>), ...this.#environment, ...tables, ...unused, ...overrides };
  }

  /** Returns the content of the file in which the queue of parked events keeps its messages; empty if it has none. */
  async parked(): Promise<string> {
    return readFile(join(this.dir, 'redrive.queue.json'), 'utf8').catch(() => '');
  }

  /** Runs a script of package.json against the stack. @returns its output */
  async npmRun(script: string): Promise<string> {
    const env = this.functionEnvironment({ SHOUT_DATA_DIR: this.dir });
    const { stdout, stderr } = await run('npm', ['run', '-s', script], { env });
    return stdout + stderr;
  }

  async startStack(): Promise<void> {
    if (this.#stack) await this.#stack.start();
    else this.#stack = await startStack({ env: this.#environment, dataDir: this.dir });
  }

  /**
   * Sends SIGKILL to the functions' process, its supervisor and the database. Spares a database that the environment
   * variable DYNAMODB_ENDPOINT names.
   */
  async kill(): Promise<void> {
    const { pid } = (await readAddresses(this.dir))!;
    const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args=']);
    for (const line of stdout.split('\n')) {
      const [, child, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      if (Number(parent) === pid && command?.includes('serverless')) process.kill(Number(child), 'SIGKILL');
    }
    await Promise.all([this.#stack!.kill9(), this.engine.kill()]);
  }

  async startAgain(): Promise<void> {
    await this.engine.start();
    await this.startStack();
  }

  async stop(): Promise<void> {
    await this.#stack?.stop();
    await Promise.all([this.storage.stop(), this.posts.stop(), this.issuer.stop(), this.engine.kill()]);
    await rm(this.dir, { recursive: true, force: true });
  }
}
