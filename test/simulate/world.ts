import { sequenceAndFanOut } from '../../src/domain/delivery/sequence-and-fan-out.ts';
import type { Rules } from '../../src/domain/governance/rules.ts';
import { redrive } from '../../src/domain/numbering/redrive.ts';
import type { ChatHistoryPage, EventsPage, SequencedEvent } from '../../src/domain/schema.generated.ts';
import { RULES_ID } from '../../src/infra/dynamodb/room-rules.ts';
import type { Command } from '../../web/client/shout-client.ts';
import { entryOf } from '../faults/clients/journal.ts';
import { Moderator } from '../faults/clients/moderator.ts';
import { Writer } from '../faults/clients/writer.ts';
import { Excused } from '../faults/excused.ts';
import type { Entry, History, Send, Stored } from '../faults/history.ts';
import type { Random } from '../faults/random.ts';
import { readInSilence } from '../faults/read-in-silence.ts';
import { takeAllBack, takesBack } from '../faults/take-back.ts';
import type { Violation } from '../faults/verdict.ts';
import type { Item } from '../in-memory/dynamodb/expressions.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../tables.ts';
import { ApiGateway } from './api-gateway.ts';
import { Database } from './database.ts';
import { Heckler } from './heckler.ts';
import { HttpApi } from './http-api.ts';
import { Issuer, SimulatedVerifier } from './issuer.ts';
import { type Handler, Lambda } from './lambda.ts';
import { enter } from './outside.ts';
import { idsFrom, Person } from './person.ts';
import { SimulatedQueue } from './queue.ts';
import { Recorder } from './recorder.ts';
import { SimulatedStream } from './stream.ts';
import type { VirtualTime } from './time.ts';
import type { Trace } from './trace.ts';
import { Trigger } from './trigger.ts';

/**
 * Maximum time from the end of the last fault until all clients have converged, ms (I8 in docs/guarantees.md). The
 * document allows 90 s to clients that ping every 5 s. The clients here ping every four minutes, and get four minutes
 * more.
 */
const CONVERGE_MS = 240_000 + 90_000;
const LOOK_AGAIN_MS = 250;
/**
 * Pause between two messages of a writer, ms. A room ends after `ROOM_EVENTS` events (simulation.ts). With these pauses
 * that usually takes over two hours, the age at which API Gateway closes a connection, so the simulation covers that.
 */
const PAUSE_MS = { min: 100, max: 1_500 };

export interface Population {
  writers: number;
  moderators: number;
  readers: number;
  recorders: number;
}

/** A back end that can fail, and the people in one of its rooms. */
export class World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: Trace;
  readonly room: string;
  readonly lambda: Lambda;
  readonly database: Database;
  readonly stream: SimulatedStream;
  readonly trigger: Trigger;
  readonly gateway: ApiGateway;
  readonly queue: SimulatedQueue;
  readonly http: HttpApi;
  readonly issuer: Issuer;
  readonly verifier: SimulatedVerifier;
  readonly writers: Writer<Person>[] = [];
  readonly moderators: Moderator<Person>[] = [];
  readonly readers: Person[] = [];
  readonly recorders: Recorder[] = [];
  /** People whom a fault let join. After they have left, the checker still counts what they sent. */
  readonly visitors: Person[] = [];
  /** Violations that cannot be seen in a {@link History}, such as a wait that was too long. */
  readonly complaints: Violation[] = [];
  /** Number of records that the trigger gave up on. */
  givenUp = 0;
  /**
   * How often the functions reported each key. A key is a counter with its increase, such as `Delivered 2`, or a log
   * line with its level. Log lines with the level `info` are left out.
   */
  readonly told = new Map<string, number>();
  readonly #heckler: Heckler;
  /** Epochs from before the room was wiped. */
  readonly #retired = new Set<string>();
  readonly #excused = new Excused();

  constructor(
    room: string,
    handlers: Readonly<Record<string, Handler>>,
    time: VirtualTime,
    random: Random,
    trace: Trace,
  ) {
    this.room = room;
    this.time = time;
    this.random = random;
    this.trace = trace;
    this.lambda = new Lambda({ ...handlers, operator: () => this.#redrive() }, time, random.fork('lambda'), trace);
    this.stream = new SimulatedStream(time);
    this.database = new Database(time, random.fork('database'), trace, (change) => this.stream.add(change));
    this.gateway = new ApiGateway(this.lambda, time, random.fork('gateway'), trace);
    this.queue = new SimulatedQueue(this.lambda, time, random.fork('queue'), trace);
    this.http = new HttpApi(this.lambda, trace);
    this.issuer = new Issuer(time);
    this.verifier = new SimulatedVerifier(this.issuer, time, {
      nameClaim: 'name',
      roleClaim: 'roles',
      moderators: ['moderator'],
      pictureOrigins: [],
      roomRoles: [],
    });
    this.trigger = new Trigger({
      ...{ stream: this.stream, lambda: this.lambda, time, trace },
      random: random.fork('trigger'),
      givenUp: (records) => {
        this.givenUp += records.length;
      },
    });
    this.#heckler = new Heckler({
      ...{ room: this.room, gateway: this.gateway, time },
      actorId: this.issuer.actorOf('heckler'),
      random: random.fork('heckler'),
      token: (seconds) => this.issuer.token('heckler', seconds),
    });
    const chance = random.fork('functions');
    enter({
      ...{ time, database: this.database, gateway: this.gateway, queue: this.queue, verifier: this.verifier },
      random: chance.next,
      createId: idsFrom(chance),
      told: (line) => {
        this.trace.add('told', line);
        this.told.set(line, (this.told.get(line) ?? 0) + 1);
      },
    });
  }

  async populate({ writers, moderators, readers, recorders }: Population): Promise<void> {
    this.stream.onAdd(() => this.trigger.wake());
    this.trigger.start();
    for (let i = 0; i < writers; i++) {
      const person = await this.join(`writer${i}`);
      this.writers.push(new Writer(person, this.random.fork(person.name), this.time.timers, PAUSE_MS));
    }
    const others = () => this.writers.map(({ person }) => person);
    for (let i = 0; i < moderators; i++) {
      const person = await this.join(`moderator${i}`);
      this.moderators.push(new Moderator(person, others, this.random.fork(person.name), this.time.timers));
    }
    for (let i = 0; i < readers; i++) this.readers.push(await this.join(`reader${i}`));
    for (let i = 0; i < recorders; i++) {
      const name = `recorder${i}`;
      const { room, gateway, time } = this;
      const token = () => this.issuer.token(name, 86_400);
      this.recorders.push(new Recorder({ name, room, gateway, time, random: this.random.fork(name), token }));
    }
  }

  join(name: string, client: Partial<Parameters<typeof Person.join>[0]['client']> = {}): Promise<Person> {
    const { room, time, issuer } = this;
    const random = this.random.fork(name);
    // The client's clock is up to five minutes off. No guarantee may depend on it.
    const skew = random.between(-300_000, 300_000);
    return Person.join({
      ...{ name, room, time, random },
      servers: this,
      actorId: issuer.actorOf(name),
      client: { now: () => time.now() + skew, getToken: async () => issuer.token(name), ...client },
    });
  }

  get persons(): Person[] {
    return [...[...this.writers, ...this.moderators].map(({ person }) => person), ...this.readers];
  }

  startTraffic(): void {
    for (const talker of [...this.writers, ...this.moderators]) talker.start();
    this.#heckler.start();
  }

  stopTraffic(): void {
    for (const talker of [...this.writers, ...this.moderators]) talker.stop();
    this.#heckler.stop();
  }

  /**
   * Stops the traffic, and waits until everything is answered and everyone is at the room's head. Then ends a lock,
   * slow mode and the writers' permanent bans, if they are still in force. Complains if a wait takes longer than I8
   * allows.
   * @returns how long all of it took, ms
   */
  async converge(): Promise<number> {
    const from = this.time.now();
    this.stopTraffic();
    let missing: string[] = [];
    const isQuiet = () => {
      missing = this.#missing();
      return missing.length === 0;
    };
    const settled = () => this.until(isQuiet);
    if (!((await settled()) && (await this.#takeAllBack(settled))))
      this.complain(`after ${CONVERGE_MS} ms ${missing.join(', ')}`);
    return this.time.now() - from;
  }

  /** Waits until `done` returns true, at most as long as I8 allows. @returns whether `done` returned true */
  async until(done: () => boolean): Promise<boolean> {
    const deadline = this.time.now() + CONVERGE_MS;
    while (this.time.now() < deadline) {
      if (done()) return true;
      await this.time.sleep(LOOK_AGAIN_MS);
    }
    return false;
  }

  complain(detail: string): void {
    this.complaints.push({ anomaly: 'divergence', detail });
  }

  /** Excuses the loss of everything that was sent and numbered so far. Called before the room is wiped. */
  async forget(): Promise<void> {
    const { head, readers, recorders } = await this.history();
    this.#retired.add(head.epoch);
    this.#excused.gone.clear();
    for (const { steps } of readers)
      for (const step of steps) if (step.kind !== 'reload') this.#retired.add(step.epoch);
    for (const { frames } of recorders) for (const { epoch } of frames) this.#retired.add(epoch);
    for (const sender of this.#senders) sender.forgetSends();
    for (const moderator of this.moderators) moderator.forget();
  }

  /** Deletes these events, as an operator would, and excuses their loss. */
  delete(events: readonly Stored[]): void {
    for (const event of events) {
      this.#excused.event(event);
      this.write(EVENTS_TABLE, { room: this.room, id: event.id });
    }
  }

  /** Excuses the numbers that a rebuilt head has skipped. Complains if there are too many. */
  excuseLostHead(): void {
    const tooMany = this.#excused.lostHead(this.log);
    if (tooMany > 0) this.complain(`a head that was made anew left out ${tooMany} numbers too many`);
  }

  history(): Promise<History> {
    const { complaints } = this;
    const [head, missing, converge] = [() => this.head, () => this.#missing(), () => this.converge()];
    return readInSilence({ head, missing, converge, complaints }, () => this.#read());
  }

  async #read(): Promise<History> {
    // Pages are read from indexes, which may still lag.
    await this.until(() => this.database.settled);
    const { persons, recorders } = this;
    const [served, paged] = [await this.#served(), await this.#paged()];
    return {
      sends: this.#senders.flatMap(({ sends }): Send[] => sends),
      log: this.log,
      served,
      paged,
      head: this.head,
      gone: this.#excused.gone,
      deleted: this.#excused.deleted,
      readers: persons.map(({ reader }) => reader),
      recorders: recorders.map(({ recorded }) => recorded),
      retired: this.#retired,
    };
  }

  /** All events of the room, as items of the Events table. */
  get items(): Item[] {
    return [...this.database.engine.table(EVENTS_TABLE).items].filter(({ id }) => id !== RULES_ID);
  }

  get log(): Stored[] {
    return this.items.map((item): Stored => entryOf(item as unknown as SequencedEvent));
  }

  get head(): { epoch: string; seq: number } {
    const row = this.database.engine.table(STATE_TABLE).get(this.headKey);
    return row?.seq === undefined ? { epoch: '', seq: 0 } : { epoch: row.epoch as string, seq: row.seq as number };
  }

  get headKey(): Item {
    return { pk: `ROOM#${this.room}`, sk: 'HEAD' };
  }

  /** Writes an item directly, without the back end. Deletes the item with this key if `item` is undefined. */
  write(table: string, key: Item, item?: Item): void {
    this.database.engine.write(this.database.engine.table(table), key, item);
  }

  /** Puts an item into the Events table directly, without the back end. */
  put(item: Item): void {
    const { room } = this;
    this.write(EVENTS_TABLE, { room, id: item.id }, { room, ...item });
  }

  /** Redrives all events without a number, as an operator does after an alarm. */
  async redrive(): Promise<void> {
    await this.lambda.invoke('operator', {}, 60_000);
  }

  get #senders(): (Person | Heckler)[] {
    return [...this.persons, ...this.visitors, this.#heckler];
  }

  /** Makes everybody leave, and stops all processes. */
  destroy(): void {
    this.stopTraffic();
    for (const { client } of this.persons) client.close();
    for (const recorder of this.recorders) recorder.leave();
    this.trigger.kill();
    this.lambda.kill();
  }

  async #takeAllBack(settled: () => Promise<boolean>): Promise<boolean> {
    const [moderator] = this.moderators;
    if (!moderator) return true;
    const people = this.writers.map(({ person }) => person);
    const rules = () => this.database.engine.table(EVENTS_TABLE).get({ room: this.room, id: RULES_ID });
    const room = {
      inForce: () => takesBack((rules() ?? {}) as Partial<Rules>, people),
      send: (command: Command) => moderator.lift(command),
      complain: (detail: string) => this.complain(detail),
    };
    return takeAllBack({ ...room, settled }, people.length + 2);
  }

  /** Lists what is not done yet: unsent commands, people behind the room's head, events without a number. */
  #missing(): string[] {
    const { head } = this;
    const people = [
      ...this.writers.filter((writer) => !writer.silent).map(({ person }) => `${person.name} has not sent everything`),
      ...this.persons.filter((person) => !person.isAt(head)).map(({ name, client }) => `${name} is ${stateOf(client)}`),
    ];
    if (people.length > 0) return people;
    const items = new Map(this.items.map((item) => [item.id, item]));
    const decisions = this.moderators.flatMap(({ awaited }) => awaited ?? []).filter((id) => !items.has(id));
    return [
      ...decisions.map((id) => `${id} is not in the log`),
      ...[...items.values()].filter(({ seq }) => seq === undefined).map(({ id }) => `${id} has no number`),
    ];
  }

  /** Returns all events that `GET /events` serves, read page by page. */
  async #served(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (;;) {
      const after = entries.at(-1)?.seq ?? 0;
      const url = new URL(`https://api.example/events?room=${this.room}&after=${after}&limit=100`);
      const { status, body } = await this.http.get(url, {});
      const { events = [] } = JSON.parse(body) as EventsPage;
      if (status !== 200 || events.length === 0) return entries;
      entries.push(...events.map(entryOf));
    }
  }

  /** Returns all messages that `GET /chat-history` serves, read page by page. */
  async #paged(): Promise<History['paged']> {
    const entries: History['paged'] = [];
    for (let before: number | null | undefined; before !== null; ) {
      const url = new URL(`https://api.example/chat-history?room=${this.room}&limit=100`);
      if (before !== undefined) url.searchParams.set('before', String(before));
      const { status, body } = await this.http.get(url, {});
      const { messages = [], nextBefore = null } = JSON.parse(body) as ChatHistoryPage;
      entries.push(...messages.map(({ seq, id, text }) => ({ seq, id, text })));
      if (status !== 200 || nextBefore === before) return entries;
      before = nextBefore;
    }
    return entries;
  }

  /** Does the same as `npm run redrive` (deploy/redrive.ts), but does not retry. */
  async #redrive(): Promise<void> {
    const { fanOutPorts, unnumbered } = await import('../../src/infra/composition.ts');
    const ports = fanOutPorts();
    await redrive(unnumbered(), ports.log.batchSize, (room, events) =>
      sequenceAndFanOut(room, events, ports, () => Number.POSITIVE_INFINITY),
    );
  }
}

function stateOf({ snapshot: { connection, position, signedIn } }: Person['client']): string {
  return `${connection} at ${position.epoch} ${position.last}${signedIn ? '' : ' and signed out'}`;
}
