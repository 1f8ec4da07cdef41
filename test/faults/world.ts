import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readAddresses } from '../../local/data-dir.ts';
import { type Stack, startStack } from '../stack.ts';
import type { Violation } from './checker.ts';
import { Heckler } from './clients/heckler.ts';
import { Person } from './clients/person.ts';
import { Recorder } from './clients/recorder.ts';
import { Writer } from './clients/writer.ts';
import { AWS_ENVIRONMENT, Engine } from './engine.ts';
import type { Send } from './history.ts';
import { AUDIENCE, CLIENT_ID, Issuer } from './issuer.ts';
import { HttpProxy } from './proxies/http-proxy.ts';
import { Shards } from './proxies/shards.ts';
import type { Random } from './random.ts';
import { EVENTS_TABLE, RoomStore, STATE_TABLE } from './room-store.ts';

/**
 * The bound of I8, from the moment the last fault has ended. The longest ways back are a socket that went silent (its
 * ping after 5 s unanswered for 10 s, then one wait of the backoff's ceiling, 30 s) and keys that changed while the
 * issuer was down (asked for again after 30 s, plus one such wait).
 */
export const CONVERGE_MS = 90_000;
const LOOK_AGAIN_MS = 50;

export interface Population {
  writers: number;
  readers: number;
  recorders: number;
}

/** Everything of a run: the real stack with proxies at its ports, and the people in one of its rooms. */
export class World {
  readonly random: Random;
  readonly room: string;
  readonly dir: string;
  readonly engine: Engine;
  readonly issuer: Issuer;
  /** Between the stack and DynamoDB, its streams included. */
  readonly storage: HttpProxy;
  /** The stream's, as the stack sees them. */
  readonly shards = new Shards();
  /** Between fanOut and `@connections`. */
  readonly posts: HttpProxy;
  readonly store: RoomStore;
  readonly writers: Writer[] = [];
  readonly readers: Person[] = [];
  readonly recorders: Recorder[] = [];
  /** Who came for one fault, and is held to what was said to them after they left. */
  readonly visitors: Person[] = [];
  readonly heckler: Heckler;
  /** Epochs that a wipe has ended. */
  readonly retired = new Set<string>();
  /** Promises broken that no history shows: somebody waited too long. */
  readonly complaints: Violation[] = [];
  readonly #environment: Record<string, string>;
  #stack: (Stack & AsyncDisposable) | undefined;

  static async create(random: Random, population: Population): Promise<World> {
    const dir = await mkdtemp(join(tmpdir(), 'shout-box-faults-'));
    const engine = await Engine.start(dir);
    const issuer = await Issuer.start();
    const storage = await HttpProxy.start(() => engine.endpoint);
    const posts = await HttpProxy.start(() => world.connectionsApi);
    const world = new World(random, dir, engine, issuer, storage, posts);
    await world.startStack();
    await world.#populate(population);
    return world;
  }

  private constructor(
    random: Random,
    dir: string,
    engine: Engine,
    issuer: Issuer,
    storage: HttpProxy,
    posts: HttpProxy,
  ) {
    this.random = random;
    this.dir = dir;
    this.engine = engine;
    this.issuer = issuer;
    this.storage = storage;
    this.posts = posts;
    this.room = `faults-${Date.now().toString(36)}`;
    this.#environment = {
      ...AWS_ENVIRONMENT,
      DYNAMODB_ENDPOINT: storage.url,
      CONNECTIONS_ENDPOINT: posts.url,
      ISSUER: issuer.url,
      AUDIENCE,
      CLIENT_ID,
      RATE_BURST: '1000',
      RATE_PER_SECOND: '200',
    };
    storage.intervene(this.shards.intervention);
    this.store = new RoomStore(engine.endpoint, this.room);
    this.heckler = new Heckler({
      url: () => `${this.#stack!.ws}?room=${this.room}`,
      actorId: issuer.actorOf('heckler'),
      token: (seconds) => issuer.token('heckler', seconds),
      random: random.fork('heckler'),
    });
  }

  get connectionsApi(): string {
    return this.#stack!.ws.replace(/^ws/, 'http').replace('localhost', '127.0.0.1');
  }

  get http(): string {
    return this.#stack!.http.replace('localhost', '127.0.0.1');
  }

  get persons(): Person[] {
    return [...this.writers.map(({ person }) => person), ...this.readers];
  }

  /** What a function's process needs to play fanOut beside the stack. */
  functionEnvironment(overrides: Record<string, string>): Record<string, string> {
    const tables = { EVENTS_TABLE, STATE_TABLE };
    const unused = { WEBSOCKET_URL: this.#stack!.ws, ALLOWED_ORIGINS: '*' };
    return { ...(process.env as Record<string, string>), ...this.#environment, ...tables, ...unused, ...overrides };
  }

  /** How often the stack's trigger has given up on a batch. */
  async givenUp(): Promise<number> {
    const file = await readFile(join(this.dir, 'fanOut.given-up.jsonl'), 'utf8').catch(() => '');
    return file.split('\n').length - 1;
  }

  /** Runs a script of package.json on the stack. @returns what it said */
  async npmRun(script: string): Promise<string> {
    const env = this.functionEnvironment({ SHOUT_DATA_DIR: this.dir });
    const { stdout, stderr } = await promisify(execFile)('npm', ['run', '-s', script], { env });
    return stdout + stderr;
  }

  async startStack(): Promise<void> {
    if (this.#stack) await this.#stack.start();
    else this.#stack = await startStack({ env: this.#environment, dataDir: this.dir });
  }

  /** What was said and numbered until now is about to be gone, and nobody is to be held to it. */
  async forget(): Promise<void> {
    this.retired.add((await this.store.head()).epoch);
    for (const { reader } of this.persons)
      for (const step of reader.steps) if (step.kind !== 'reload') this.retired.add(step.epoch);
    for (const sender of [...this.persons, ...this.visitors, this.heckler]) sender.forgetSends();
    for (const { recorded } of this.recorders) for (const { epoch } of recorded.frames) this.retired.add(epoch);
  }

  complain(detail: string): void {
    this.complaints.push({ anomaly: 'divergence', detail });
  }

  /** What was said, and what became of it. */
  get sends(): Send[] {
    return [...this.persons, ...this.visitors, this.heckler].flatMap(({ sends }) => sends);
  }

  talk(): void {
    for (const writer of this.writers) writer.start();
    this.heckler.start();
  }

  async hush(): Promise<void> {
    for (const writer of this.writers) writer.stop();
    await this.heckler.stop();
  }

  /**
   * Nobody talks any more, and everyone is where the room is. Waits no longer than I8 allows: what is not so then, the
   * checker names.
   * @returns how long it took, ms
   */
  async converge(): Promise<number> {
    const from = Date.now();
    await this.hush();
    await this.until(async () => {
      if (!this.writers.every((writer) => writer.silent)) return false;
      const head = await this.store.head();
      if (!this.persons.every((person) => person.isAt(head))) return false;
      return (await this.store.log()).every(({ seq }) => seq !== undefined);
    });
    return Date.now() - from;
  }

  /** Looks again and again, for as long as I8 allows. @returns whether it came to be */
  async until(done: () => Promise<boolean>): Promise<boolean> {
    const deadline = Date.now() + CONVERGE_MS;
    while (Date.now() < deadline) {
      if (await done()) return true;
      await sleep(LOOK_AGAIN_MS);
    }
    return false;
  }

  /** kill -9 of all of it: the back end, its supervisor and the database, in this order and in one go. */
  async killStack(): Promise<void> {
    const { pid } = (await readAddresses(this.dir))!;
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
    const children = stdout
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
      .filter(([, , parent, command]) => Number(parent) === pid && command?.includes('serverless'));
    for (const [, child] of children) process.kill(Number(child), 'SIGKILL');
    await Promise.all([this.#stack!.kill9(), this.engine.kill()]);
  }

  async join(name: string, options: Partial<Parameters<typeof Person.join>[0]> = {}): Promise<Person> {
    const actorId = this.issuer.actorOf(name);
    const getToken = () => this.issuer.token(name);
    // Clocks of up to five minutes apart: nothing may depend on them.
    const skew = this.random.between(-300_000, 300_000);
    return Person.join({
      name,
      room: this.room,
      ports: this.#ports(),
      getToken,
      actorId,
      client: { now: () => Date.now() + skew },
      ...options,
    });
  }

  async destroy(): Promise<void> {
    await this.hush();
    await Promise.all([...this.persons, ...this.recorders].map((client) => client.leave()));
    await this.#stack?.stop();
    await Promise.all([this.storage.stop(), this.posts.stop(), this.issuer.stop(), this.engine.kill()]);
    await rm(this.dir, { recursive: true, force: true });
  }

  async #populate({ writers, readers, recorders }: Population): Promise<void> {
    for (let i = 0; i < writers; i++) {
      const name = `writer${i}`;
      this.writers.push(new Writer(await this.join(name), this.random.fork(name)));
    }
    for (let i = 0; i < readers; i++) this.readers.push(await this.join(`reader${i}`));
    for (let i = 0; i < recorders; i++) {
      const name = `recorder${i}`;
      const token = () => this.issuer.token(name, 86_000);
      this.recorders.push(await Recorder.join(name, this.room, this.#ports(), token));
    }
  }

  #ports() {
    const portOf = (url: string) => Number(new URL(url).port);
    return { http: () => portOf(this.#stack!.http), ws: () => portOf(this.#stack!.ws) };
  }
}
