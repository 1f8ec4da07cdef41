import type { Lifetime } from './lifetime.ts';
import type { Outbox, OutboxHooks } from './outbox.ts';
import { Part } from './part.ts';
import type { Command, Failure, IdentifiedCommand, Outgoing, Sending } from './snapshot.ts';

const outboxPart = new Part(() => import('./outbox.ts'));

interface Hooks extends OutboxHooks {
  createId: () => string;
}

/** Accepts commands at any time. Loads the code that sends them when the first command comes or `prepare` is called. */
export class Sender {
  readonly state: Sending = { entries: [], inFlight: undefined, rateLimitedUntil: undefined };
  /** Undefined until its code is loaded. */
  outbox: Outbox | undefined;
  /** The person whose messages are shown; undefined for a guest. */
  person: string | undefined;
  #life: Lifetime | undefined;
  readonly #hooks: Hooks;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  open(life: Lifetime): void {
    this.#life = life;
    this.outbox?.open(life);
  }

  close(): void {
    this.#life = undefined;
    this.outbox?.close();
  }

  /** @throws if the code cannot be loaded */
  async prepare(): Promise<void> {
    const { Outbox } = await outboxPart.load();
    if (this.outbox) return;
    this.outbox = new Outbox(this.state, this.#hooks);
    if (this.#life) this.outbox.open(this.#life);
    this.outbox.flush();
  }

  /**
   * Asks again who is shown as signed in. If somebody is, the commands that a guest issued become that person's. They
   * stay that person's after a sign-out.
   */
  identify(): void {
    const person = this.#hooks.person();
    if (person === this.person) return;
    this.person = person;
    for (const entry of this.state.entries) entry.person ??= person;
    this.outbox?.flush();
  }

  /** @returns the clientMessageId */
  add(command: Command): string {
    const { createId, now, changed } = this.#hooks;
    const clientMessageId = createId();
    this.state.entries.push({
      command: { ...command, clientMessageId } as IdentifiedCommand,
      at: now(),
      person: this.person,
      state: 'sending',
      attempts: 0,
    });
    changed();
    this.with((outbox) => outbox.flush());
    return clientMessageId;
  }

  /** Calls `use` with the outbox, as soon as its code is loaded. If the code cannot be loaded, all commands fail. */
  with(use: (outbox: Outbox) => void): void {
    if (this.outbox) use(this.outbox);
    else
      this.prepare().then(
        () => use(this.outbox!),
        () => this.#cannotSend(),
      );
  }

  /** Whether a command of the person still needs an answer. */
  get busy(): boolean {
    return this.state.entries.some(({ state, person }) => state === 'sending' && person === this.person);
  }

  /** The messages of `this.person` that are not in the feed yet, oldest first. */
  get outgoing(): Outgoing[] {
    return this.state.entries.flatMap(({ command, person, at, state, error }): Outgoing | [] => {
      if (command.action !== 'sendMessage' || person !== this.person) return [];
      const { clientMessageId, text } = command;
      return { clientMessageId, text, at, state, ...(error && { error }) };
    });
  }

  /**
   * Called when the code that sends cannot be loaded. Messages fail, so that the person can retry them. Other commands
   * are reported as refused.
   */
  #cannotSend(): void {
    const error: Failure = { code: 'unavailable', message: 'The code that sends could not be loaded.' };
    const { entries } = this.state;
    this.state.entries = entries.filter(({ command }) => command.action === 'sendMessage');
    for (const entry of entries) {
      Object.assign(entry, { state: 'failed', error });
      if (entry.command.action !== 'sendMessage') this.#hooks.refused(entry.command, error);
    }
    this.#hooks.changed();
  }
}
