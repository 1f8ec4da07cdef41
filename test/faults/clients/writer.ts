import { realTimers, type Timers } from '../../../web/client/lifetime.ts';
import type { ShoutClient } from '../../../web/client/shout-client.ts';
import type { Random } from '../random.ts';

/** A writer pauses while more than this many of its messages have not arrived in the feed. */
const PATIENCE = 30;
const PAUSE_MS = { min: 50, max: 600 };
const TOO_LONG = 'x'.repeat(2_100);

export interface Talker {
  readonly name: string;
  readonly actorId: string;
  readonly client: ShoutClient;
}

/** Sends messages at a random pace and in bursts. Sometimes deletes one, or sends one that is too long. */
export class Writer<P extends Talker = Talker> {
  readonly person: P;
  readonly #random: Random;
  readonly #timers: Timers;
  readonly #pauseMs: typeof PAUSE_MS;
  #said = 0;
  #next: unknown;

  constructor(person: P, random: Random, timers: Timers = realTimers, pauseMs = PAUSE_MS) {
    this.person = person;
    this.#random = random;
    this.#timers = timers;
    this.#pauseMs = pauseMs;
  }

  start(): void {
    this.#next = this.#timers.setTimeout(
      () => {
        this.#act();
        this.start();
      },
      this.#random.between(this.#pauseMs.min, this.#pauseMs.max),
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

  /**
   * `true` if the person has no message that is unsent, unacknowledged or not yet in the feed. Reading this property
   * also retries or discards failed messages.
   */
  get silent(): boolean {
    this.#goOn();
    return this.person.client.snapshot.outgoing.length === 0;
  }

  #act(): void {
    this.#goOn();
    const { outgoing, feed } = this.person.client.snapshot;
    if (outgoing.length > PATIENCE) return;
    const dice = this.#random.next();
    const own =
      dice < 0.05 ? feed.messages.filter(({ actor, deleted }) => actor.id === this.person.actorId && !deleted) : [];
    if (own.length > 0) this.person.client.send({ action: 'deleteMessage', target: this.#random.pick(own).id });
    else if (dice < 0.08) this.person.client.post(`${TOO_LONG} ${++this.#said}`);
    else if (dice < 0.12) this.burst(10);
    else this.say();
  }

  /**
   * Handles failed messages as a person would. Retries those that timed out or that an unavailable server refused.
   * Discards the others, because the server would refuse them again.
   */
  #goOn(): void {
    for (const { clientMessageId, state, error } of this.person.client.snapshot.outgoing) {
      if (state !== 'failed') continue;
      if (error?.code === 'timeout' || error?.code === 'unavailable') this.person.client.retry(clientMessageId);
      else this.person.client.discard(clientMessageId);
    }
  }
}
