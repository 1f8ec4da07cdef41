import { clientMessageIdOf } from '../../src/domain/feed/event-id.ts';
import type { Ack, DeleteMessage, ErrorFrame, EventId, SendMessage } from '../../src/domain/schema.generated.ts';
import { fullJitter } from './backoff.ts';
import type { Lifetime } from './lifetime.ts';
import type { Failure, Outgoing } from './snapshot.ts';

/** Longer than a cold start; the answer may also be lost, and the same id makes asking twice harmless (I2). */
const ANSWER_TIMEOUT_MS = 10_000;
/** Without an answer so often, a person decides whether to go on. Waiting for a connection or for the rate does not count. */
const MAX_ATTEMPTS = 6;
const DEFAULT_RATE_WAIT_MS = 1_000;
/** An acked message that does not show within this time may have been lost on its way back. */
const SHOW_WITHIN_MS = 3_000;

export type Command = (SendMessage | DeleteMessage) & { clientMessageId: string };

interface Entry {
  readonly command: Command;
  readonly at: number;
  state: Outgoing['state'];
  attempts: number;
  error?: Failure;
  /** As the ack told it. */
  eventId?: EventId;
}

interface Hooks {
  /** @returns false where nothing can be sent now; `flush` is called when it can */
  send: (command: Command) => boolean;
  changed: () => void;
  /** An answer or a message is overdue: is the line still good? */
  doubt: () => void;
  refused: (target: EventId, error: Failure) => void;
  now: () => number;
  random: () => number;
}

/** Commands on their way out: first in, first out, one at a time, each until it is answered for good. */
export class Outbox {
  rateLimitedUntil: number | undefined;
  #entries: Entry[] = [];
  #view: readonly Outgoing[] | undefined;
  #inFlight: Entry | undefined;
  #cancelTimeout: (() => void) | undefined;
  #cancelPause: (() => void) | undefined;
  #life: Lifetime | undefined;
  readonly #hooks: Hooks;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  get outgoing(): readonly Outgoing[] {
    this.#view ??= this.#entries.flatMap(({ command, at, state, error }) =>
      command.action === 'sendMessage'
        ? { clientMessageId: command.clientMessageId, text: command.text, at, state, ...(error && { error }) }
        : [],
    );
    return this.#view;
  }

  open(life: Lifetime): void {
    this.#life = life;
  }

  close(): void {
    this.interrupt();
    this.#resume();
    this.#life = undefined;
  }

  add(command: Command): void {
    this.#entries.push({ command, at: this.#hooks.now(), state: 'sending', attempts: 0 });
    this.#changed();
    this.flush();
  }

  retry(clientMessageId: string): void {
    const entry = this.#find(clientMessageId);
    if (entry?.state !== 'failed') return;
    entry.attempts = 0;
    this.#mark(entry, 'sending');
    this.flush();
  }

  discard(clientMessageId: string): void {
    const entry = this.#find(clientMessageId);
    if (entry) this.#remove([entry]);
  }

  /** Sends the next one, where nothing is in its way. */
  flush(): void {
    if (this.#inFlight || this.#cancelPause) return;
    const next = this.#entries.find(({ state }) => state === 'sending');
    if (!next || !this.#life || !this.#hooks.send(next.command)) return;
    next.attempts++;
    this.#inFlight = next;
    this.#cancelTimeout = this.#life.after(ANSWER_TIMEOUT_MS, () => {
      this.#again({ code: 'timeout', message: 'The server did not answer.' });
      this.#hooks.doubt();
    });
  }

  /** No answer will come to what is in flight. Whether it arrived is unknown, so it is sent again under the same id. */
  interrupt(): void {
    if (this.#inFlight) this.#again({ code: 'timeout', message: 'The connection was lost.' });
  }

  ack({ clientMessageId, id }: Ack): void {
    const entry = this.#find(clientMessageId);
    if (!entry || entry.state === 'sent') return;
    this.#settle(entry);
    entry.eventId = id;
    if (entry.command.action === 'deleteMessage') {
      this.#remove([entry]);
    } else {
      this.#mark(entry, 'sent');
      this.#await(entry);
      this.flush();
    }
  }

  fail({ code, message, clientMessageId, retryAfterMs }: ErrorFrame): void {
    // Refused before it was parsed, a command has no name yet in the answer; only one can be meant.
    const entry = clientMessageId === undefined ? this.#inFlight : this.#find(clientMessageId);
    if (entry?.state !== 'sending') return;
    const error = { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    if (code === 'rate_limited') {
      const wait = retryAfterMs ?? DEFAULT_RATE_WAIT_MS;
      entry.attempts = 0;
      this.#settle(entry);
      this.#mark(entry, 'sending', error);
      this.rateLimitedUntil = this.#hooks.now() + wait;
      this.#pause(wait);
    } else if (code === 'unavailable') {
      if (entry === this.#inFlight) this.#again(error);
    } else {
      this.#settle(entry);
      this.#giveUp(entry, error);
    }
  }

  /** These events are in the feed now. An id carries the clientMessageId, so this works without the ack as well. */
  shown(ids: readonly EventId[]): void {
    if (this.#entries.length === 0) return;
    const named = new Map(ids.map((id) => [clientMessageIdOf(id), id]));
    this.#remove(
      this.#entries.filter(({ command, eventId }) => {
        const id = named.get(command.clientMessageId);
        return id !== undefined && (eventId === undefined || eventId === id);
      }),
    );
  }

  /** After the feed was loaded anew, what was sent long before is in it further down, and does not come again. */
  forgetSent(): void {
    const before = this.#hooks.now() - 10 * SHOW_WITHIN_MS;
    this.#remove(this.#entries.filter(({ state, at }) => state === 'sent' && at < before));
  }

  #again(error: Failure): void {
    const entry = this.#inFlight!;
    this.#settle(entry);
    if (entry.attempts >= MAX_ATTEMPTS) this.#giveUp(entry, error);
    else this.#pause(fullJitter(entry.attempts, this.#hooks.random, 250));
  }

  #giveUp(entry: Entry, error: Failure): void {
    const { command } = entry;
    if (command.action === 'deleteMessage') {
      this.#remove([entry]);
      this.#hooks.refused(command.target, error);
    } else {
      this.#mark(entry, 'failed', error);
      this.flush();
    }
  }

  /** Looks again, ever more rarely, whether an acked message has arrived. */
  #await(entry: Entry, ms = SHOW_WITHIN_MS): void {
    this.#life?.after(ms, () => {
      if (!this.#entries.includes(entry)) return;
      this.#hooks.doubt();
      this.#await(entry, Math.min(2 * ms, 60_000));
    });
  }

  #pause(ms: number): void {
    this.#cancelPause?.();
    this.#cancelPause = this.#life?.after(ms, () => {
      this.#resume();
      this.flush();
    });
  }

  #resume(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    if (this.rateLimitedUntil === undefined) return;
    this.rateLimitedUntil = undefined;
    for (const entry of this.#entries) if (entry.state === 'sending') this.#mark(entry, 'sending');
    this.#hooks.changed();
  }

  #settle(entry: Entry): void {
    if (entry !== this.#inFlight) return;
    this.#cancelTimeout?.();
    this.#inFlight = undefined;
  }

  #mark(entry: Entry, state: Outgoing['state'], error?: Failure): void {
    entry.state = state;
    if (error) entry.error = error;
    else delete entry.error;
    this.#changed();
  }

  #remove(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.#settle(entry);
    this.#entries = this.#entries.filter((entry) => !entries.includes(entry));
    this.#changed();
    this.flush();
  }

  #changed(): void {
    this.#view = undefined;
    this.#hooks.changed();
  }

  #find(clientMessageId: string): Entry | undefined {
    return this.#entries.find(({ command }) => command.clientMessageId === clientMessageId);
  }
}
