import { realTimers, type Timers } from '../../../web/client/lifetime.ts';
import type { Command } from '../../../web/client/shout-client.ts';
import type { Random } from '../random.ts';
import type { Talker } from './writer.ts';

const PAUSE_MS = { min: 800, max: 5_000 };
const BAN_SECONDS = 5;

/**
 * Bans writers. Some bans end after a few seconds, and the moderator lifts the others. Also deletes and pins messages,
 * and sometimes locks the room for a moment.
 */
export class Moderator<P extends Talker = Talker> {
  readonly person: P;
  readonly #others: () => readonly Talker[];
  readonly #random: Random;
  readonly #timers: Timers;
  #next: unknown;
  /**
   * The command that takes back the last ban or lock; undefined if it is already taken back, or ends by itself.
   */
  #undo: Command | undefined;
  /**
   * The clientMessageId of the last command to change a ban, the lock or slow mode; undefined if there is none, or if
   * the command was refused or forgotten.
   */
  #asked: string | undefined;

  constructor(person: P, others: () => readonly Talker[], random: Random, timers: Timers = realTimers) {
    this.person = person;
    this.#others = others;
    this.#random = random;
    this.#timers = timers;
    person.client.subscribe(({ refused }) => {
      if (!refused || refused.command.clientMessageId !== this.#asked) return;
      const { clientMessageId: _, ...command } = refused.command;
      this.#asked = undefined;
      // Sends a refused command again if it should have ended a ban, lock or slow mode, which is still in force.
      if (endsRule(command)) this.#change(command);
    });
  }

  start(): void {
    this.#next = this.#timers.setTimeout(
      () => {
        this.#act();
        this.start();
      },
      this.#random.between(PAUSE_MS.min, PAUSE_MS.max),
    );
  }

  /** Stops, and takes back a ban or lock that would not end by itself. */
  stop(): void {
    if (this.#next !== undefined) this.#timers.clearTimeout(this.#next);
    this.#next = undefined;
    this.#takeBack();
  }

  /** Sends a command that ends a ban, the lock or slow mode. */
  lift(command: Command): void {
    this.#change(command);
  }

  /** Id of the event that must be in the log before the room counts as quiet; undefined if there is none. */
  get awaited(): string | undefined {
    return this.#asked === undefined ? undefined : `${this.person.actorId}:${this.#asked}`;
  }

  /** Forgets the last command. Called before the room is wiped, because the command's event is wiped with it. */
  forget(): void {
    this.#asked = undefined;
  }

  #act(): void {
    if (this.#takeBack()) return;
    const { messages } = this.person.client.snapshot.feed;
    const dice = this.#random.next();
    const recent = messages.slice(0, 20);
    if (dice < 0.5) this.#ban(this.#random.pick(this.#others()).actorId);
    else if (dice < 0.6) this.#change({ action: 'changeRoom', locked: true }, { action: 'changeRoom', locked: false });
    else if (recent.length > 0) {
      const { id } = this.#random.pick(recent);
      if (dice < 0.9) this.person.client.send({ action: 'deleteMessage', target: id, reason: 'spam' });
      else this.person.client.send({ action: 'changeRoom', pinned: id });
    }
  }

  #ban(person: string): void {
    const hide = this.#random.chance(0.3) ? { hide: true as const } : {};
    if (this.#random.chance(0.5)) this.#change({ action: 'banPerson', person, seconds: BAN_SECONDS, ...hide });
    else this.#change({ action: 'banPerson', person, ...hide }, { action: 'unbanPerson', person });
  }

  #change(command: Command, undo?: Command): void {
    this.#undo = undo;
    this.#asked = this.person.client.send(command);
  }

  #takeBack(): boolean {
    const undo = this.#undo;
    if (undo) this.#change(undo);
    return undo !== undefined;
  }
}

/** Whether a command ends a ban, the lock or slow mode. */
function endsRule(command: Command): boolean {
  return (
    command.action === 'unbanPerson' ||
    (command.action === 'changeRoom' && (command.locked === false || command.slow === 0))
  );
}
