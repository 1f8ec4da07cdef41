import { realTimers, type Timers } from '../../../web/client/lifetime.ts';
import type { ShoutClient } from '../../../web/client/shout-client.ts';
import type { Random } from '../random.ts';

/** More than this waiting to be sent, and a writer holds its tongue: it is being told that the line is down. */
const PATIENCE = 30;
const TOO_LONG = 'x'.repeat(2_100);

interface Talker {
  readonly name: string;
  readonly actorId: string;
  readonly client: ShoutClient;
}

/** Makes a person talk: at a random pace, in bursts, now and then deleting what it said or saying what must be refused. */
export class Writer<P extends Talker = Talker> {
  readonly person: P;
  readonly #random: Random;
  readonly #timers: Timers;
  #said = 0;
  #next: unknown;

  constructor(person: P, random: Random, timers: Timers = realTimers) {
    this.person = person;
    this.#random = random;
    this.#timers = timers;
  }

  start(): void {
    this.#next = this.#timers.setTimeout(
      () => {
        this.#act();
        this.start();
      },
      this.#random.between(50, 600),
    );
  }

  stop(): void {
    if (this.#next !== undefined) this.#timers.clearTimeout(this.#next);
    this.#next = undefined;
  }

  burst(count: number): void {
    for (let i = 0; i < count; i++) this.say();
  }

  say(): string {
    return this.person.client.post(`${this.person.name} ${++this.#said}`);
  }

  /** Nothing is waiting to be sent, and nothing was given up that could still be. */
  get silent(): boolean {
    this.#goOn();
    return this.person.client.snapshot.outgoing.length === 0;
  }

  #act(): void {
    this.#goOn();
    const { outgoing, feed } = this.person.client.snapshot;
    if (outgoing.length > PATIENCE) return;
    const dice = this.#random.next();
    const own = feed.messages.filter(({ actor, deleted }) => actor.id === this.person.actorId && !deleted);
    if (dice < 0.05 && own.length > 0) this.person.client.delete(this.#random.pick(own).id);
    else if (dice < 0.08) this.person.client.post(`${TOO_LONG} ${++this.#said}`);
    else if (dice < 0.12) this.burst(10);
    else this.say();
  }

  /** As a person would: try again what found no way, forget what was refused. */
  #goOn(): void {
    for (const { clientMessageId, state, error } of this.person.client.snapshot.outgoing) {
      if (state !== 'failed') continue;
      if (error?.code === 'timeout' || error?.code === 'unavailable') this.person.client.retry(clientMessageId);
      else this.person.client.discard(clientMessageId);
    }
  }
}
