import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../web/client/shout-client.ts';
import { BackEnd } from './back-end.ts';
import { Heckler } from './clients/heckler.ts';
import { Moderator } from './clients/moderator.ts';
import { Person } from './clients/person.ts';
import { Recorder } from './clients/recorder.ts';
import { Writer } from './clients/writer.ts';
import { Excused } from './excused.ts';
import type { History, Send, Stored } from './history.ts';
import type { Random } from './random.ts';
import { readInSilence } from './read-in-silence.ts';
import { RoomStore } from './room-store.ts';
import { takeAllBack, takesBack } from './take-back.ts';
import type { Violation } from './verdict.ts';

/**
 * The bound of I8 (docs/guarantees.md), ms, from the moment the last fault has ended. Two recoveries take longest.
 * After a socket fell silent: 5 s until the next ping, 10 s until the ping's time-out, and up to 30 s of backoff. After
 * keys changed while the issuer was down: 30 s until they are fetched again, and up to 30 s of backoff.
 */
const CONVERGE_MS = 90_000;
const LOOK_AGAIN_MS = 50;

export interface Population {
  writers: number;
  moderators: number;
  readers: number;
  recorders: number;
}

/** A run: a back end that can fail, and the people in one of its rooms. */
export class World {
  readonly random: Random;
  readonly room = `faults-${Date.now().toString(36)}`;
  readonly backEnd: BackEnd;
  readonly store: RoomStore;
  readonly writers: Writer<Person>[] = [];
  readonly moderators: Moderator<Person>[] = [];
  readonly readers: Person[] = [];
  readonly recorders: Recorder[] = [];
  /** People who join and leave again during a fault. The checker checks their commands even after they have left. */
  readonly visitors: Person[] = [];
  /** Violations that cannot be seen in a {@link History}, such as a wait that was too long. */
  readonly complaints: Violation[] = [];
  readonly #heckler: Heckler;
  /** Epochs from before the room was wiped. */
  readonly #retired = new Set<string>();
  readonly #excused = new Excused();

  static async create(random: Random, population: Population): Promise<World> {
    const world = new World(random, await BackEnd.start());
    await world.#populate(population);
    return world;
  }

  private constructor(random: Random, backEnd: BackEnd) {
    const { issuer, engine, ws } = backEnd;
    this.random = random;
    this.backEnd = backEnd;
    this.store = new RoomStore(engine.endpoint, this.room);
    this.#heckler = new Heckler({
      url: `${ws}?room=${this.room}`,
      actorId: issuer.actorOf('heckler'),
      token: (seconds) => issuer.token('heckler', seconds),
      random: random.fork('heckler'),
    });
  }

  get persons(): Person[] {
    return [...[...this.writers, ...this.moderators].map(({ person }) => person), ...this.readers];
  }

  async join(name: string, options: Partial<Parameters<typeof Person.join>[0]> = {}): Promise<Person> {
    const { issuer } = this.backEnd;
    // Nothing may depend on a client's clock, so this client's is up to five minutes wrong.
    const skew = this.random.between(-300_000, 300_000);
    return Person.join({
      name,
      room: this.room,
      backEnd: this.backEnd,
      getToken: () => issuer.token(name),
      actorId: issuer.actorOf(name),
      client: { now: () => Date.now() + skew },
      ...options,
    });
  }

  startTraffic(): void {
    for (const talker of [...this.writers, ...this.moderators]) talker.start();
    this.#heckler.start();
  }

  async stopTraffic(): Promise<void> {
    for (const talker of [...this.writers, ...this.moderators]) talker.stop();
    await this.#heckler.stop();
  }

  /**
   * Stops the traffic, and waits until everything that was sent has arrived and everyone is at the room's head. Then
   * takes back the rules that keep people from writing. Complains if a wait takes longer than I8 allows.
   * @returns how long it took, ms
   */
  async converge(): Promise<number> {
    const from = Date.now();
    await this.stopTraffic();
    let missing: string[] = [];
    const settled = () =>
      this.until(async () => {
        missing = await this.#missing();
        return missing.length === 0;
      });
    if (!((await settled()) && (await this.#takeAllBack(settled))))
      this.complain(`after ${CONVERGE_MS} ms ${missing.join(', ')}`);
    return Date.now() - from;
  }

  async #takeAllBack(settled: () => Promise<boolean>): Promise<boolean> {
    const [moderator] = this.moderators;
    if (!moderator) return true;
    const people = this.writers.map(({ person }) => person);
    const room = {
      inForce: async () => takesBack(await this.store.rules(), people),
      send: (command: Command) => moderator.lift(command),
      complain: (detail: string) => this.complain(detail),
    };
    return takeAllBack({ ...room, settled }, people.length + 2);
  }

  /** Lists what is not done yet: unsent commands, people behind the room's head, events without a number. */
  async #missing(): Promise<string[]> {
    const [head, log] = await Promise.all([this.store.head(), this.store.log()]);
    return [
      ...this.writers.filter((writer) => !writer.silent).map(({ person }) => unsentOf(person)),
      ...this.persons.filter((person) => !person.isAt(head)).map(({ name, client }) => `${name} is ${stateOf(client)}`),
      ...log.filter(({ seq }) => seq === undefined).map(({ id }) => `${id} has no number`),
      ...this.moderators
        .flatMap(({ awaited }) => awaited ?? [])
        .filter((id) => !log.some((event) => event.id === id))
        .map((id) => `${id} is not in the log`),
    ];
  }

  /** Waits until `done` returns true, at most as long as I8 allows. @returns whether `done` returned true */
  async until(done: () => Promise<boolean>): Promise<boolean> {
    const deadline = Date.now() + CONVERGE_MS;
    while (Date.now() < deadline) {
      if (await done()) return true;
      await sleep(LOOK_AGAIN_MS);
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
  async delete(events: readonly Stored[]): Promise<void> {
    for (const event of events) {
      this.#excused.event(event);
      await this.store.remove(event.id);
    }
  }

  /** Excuses the numbers that a rebuilt head has skipped. Complains if there are too many. */
  async excuseLostHead(): Promise<void> {
    const tooMany = this.#excused.lostHead(await this.store.log());
    if (tooMany > 0) this.complain(`a head that was made anew left out ${tooMany} numbers too many`);
  }

  history(): Promise<History> {
    const { complaints } = this;
    const [head, missing, converge] = [() => this.store.head(), () => this.#missing(), () => this.converge()];
    return readInSilence({ head, missing, converge, complaints }, () => this.#read());
  }

  async #read(): Promise<History> {
    const { store, backEnd, persons, recorders } = this;
    const [log, served, paged, head] = await Promise.all([
      store.log(),
      store.served(backEnd.http),
      store.paged(backEnd.http),
      store.head(),
    ]);
    return {
      sends: this.#senders.flatMap(({ sends }): Send[] => sends),
      log,
      served,
      paged,
      head,
      gone: this.#excused.gone,
      deleted: this.#excused.deleted,
      readers: persons.map(({ reader }) => reader),
      recorders: recorders.map(({ recorded }) => recorded),
      retired: this.#retired,
    };
  }

  async destroy(): Promise<void> {
    await this.stopTraffic();
    await Promise.all([...this.persons, ...this.recorders].map((client) => client.leave()));
    await this.backEnd.stop();
  }

  get #senders(): (Person | Heckler)[] {
    return [...this.persons, ...this.visitors, this.#heckler];
  }

  async #populate({ writers, moderators, readers, recorders }: Population): Promise<void> {
    const { backEnd, room } = this;
    for (let i = 0; i < writers; i++) {
      const name = `writer${i}`;
      this.writers.push(new Writer(await this.join(name), this.random.fork(name)));
    }
    const others = () => this.writers.map(({ person }) => person);
    for (let i = 0; i < moderators; i++) {
      const name = `moderator${i}`;
      this.moderators.push(new Moderator(await this.join(name), others, this.random.fork(name)));
    }
    for (let i = 0; i < readers; i++) this.readers.push(await this.join(`reader${i}`));
    for (let i = 0; i < recorders; i++) this.recorders.push(await Recorder.join(`recorder${i}`, room, backEnd));
  }
}

function unsentOf({ name, client }: Person): string {
  const [first, ...others] = client.snapshot.outgoing;
  const why = first?.error ? `, ${first.error.code}` : '';
  return `${name} still waits for ${first?.clientMessageId} (${first?.state}${why}) and ${others.length} others, ${stateOf(client)}`;
}

function stateOf({ snapshot: { connection, position, signedIn } }: Person['client']): string {
  return `${connection} at ${position.epoch} ${position.last}${signedIn ? '' : ' and signed out'}`;
}
