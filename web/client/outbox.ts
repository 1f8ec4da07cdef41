import { clientMessageIdOf } from '../../src/domain/feed/event-id.ts';
import type { Ack, ErrorFrame, EventId } from '../../src/domain/schema.generated.ts';
import { fullJitter } from './backoff.ts';
import { KeptCommands, type KeptPlace } from './kept-commands.ts';
import type { Lifetime } from './lifetime.ts';
import type { Command, Entry, Failure, IdentifiedCommand, Sending } from './snapshot.ts';

/**
 * Maximum wait for the answer to a command; longer than a cold start. Then the command is sent again under the same id,
 * so that it cannot count twice if only the answer was lost (I2 of docs/guarantees.md).
 */
const ANSWER_TIMEOUT_MS = 10_000;
/**
 * Number of times that a command is sent without a final answer before it fails. A wait for a connection does not
 * count. A `rate_limited` answer starts the count anew.
 */
const MAX_ATTEMPTS = 6;
const DEFAULT_RATE_WAIT_MS = 1_000;
/** Time after a message's ack at which the connection is checked if the message's event has not arrived. */
const SHOW_WITHIN_MS = 3_000;
/**
 * How long after its post an acked message waits for its event. Then it is removed, once the newest page has been
 * loaded since the post. The event is assumed to be on an older page, or on no page because a ban voided it.
 */
const OLD_MS = 10 * SHOW_WITHIN_MS;

export interface OutboxHooks {
  /** @returns false if nothing can be sent now; `flush` is called when sending is possible again */
  send: (command: IdentifiedCommand) => boolean;
  changed: () => void;
  /** Called when an answer or an event is overdue, because the connection may be broken. */
  checkConnection: () => void;
  refused: (command: Command, error: Failure) => void;
  /** Whether the feed shows this event already. */
  shows: (id: EventId) => boolean;
  /** The place where unanswered commands are kept for the next visit. */
  kept: KeptPlace;
  /** Returns the person who is shown as signed in. */
  person: () => string | undefined;
  /** Returns the person whose token opened the current socket. The server takes this person as the commands' author. */
  sendsAs: () => string | undefined;
  now: () => number;
  random: () => number;
}

/** Sends commands one at a time, in order. Repeats each until it has a final answer or has failed too often. */
export class Outbox {
  readonly #state: Sending;
  #cancelTimeout: (() => void) | undefined;
  /** Cancel the pauses. Slow mode's pause holds back only messages, because slow mode limits nothing else. */
  readonly #pauses: Record<'all' | 'messages', (() => void) | undefined> = { all: undefined, messages: undefined };
  #life: Lifetime | undefined;
  readonly #hooks: OutboxHooks;
  readonly #kept: KeptCommands;
  /** The person whose kept commands were added last. */
  #resumedFor: string | undefined;
  /** When the newest page was last loaded or this outbox was created, whichever was later; ms since 1970. */
  #loadedAt: number;

  constructor(state: Sending, hooks: OutboxHooks) {
    this.#state = state;
    this.#kept = new KeptCommands(hooks.kept);
    this.#hooks = hooks;
    this.#loadedAt = hooks.now();
  }

  open(life: Lifetime): void {
    this.#life = life;
    for (const entry of this.#state.entries) if (entry.state === 'sent') this.#awaitEvent(entry);
  }

  close(): void {
    this.interrupt();
    this.#resume();
    this.#life = undefined;
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

  /**
   * Removes this person's commands, including those kept for other rooms. Also removes the commands of a guest, which
   * have no person.
   */
  clear(author: string | undefined): void {
    this.#kept.forget(author);
    this.#resume();
    this.#remove(this.#state.entries.filter(({ person = author }) => person === author));
    this.flush();
  }

  /** Sends the next command, unless one is in flight or nothing can be sent now. Stores the unanswered commands. */
  flush(): void {
    this.#sendNext();
    this.#kept.keep(this.#state.entries);
  }

  #sendNext(): void {
    if (!this.#life) return;
    this.#takeUp(this.#hooks.person());
    if (this.#state.inFlight || this.#pauses.all) return;
    const author = this.#hooks.sendsAs();
    const next = this.#state.entries.find(
      (entry) => entry.state === 'sending' && entry.person === author && !(this.#pauses.messages && isMessage(entry)),
    );
    if (!next || !this.#hooks.send(next.command)) return;
    next.attempts++;
    this.#state.inFlight = next;
    this.#cancelTimeout = this.#life.after(ANSWER_TIMEOUT_MS, () => {
      this.#again({ code: 'timeout', message: 'The server did not answer.' });
      this.#hooks.checkConnection();
    });
  }

  /**
   * Handles a lost connection. The command in flight may or may not have arrived, so it is sent again under the same
   * id, unless it has failed too often.
   */
  interrupt(): void {
    if (this.#state.inFlight) this.#again({ code: 'timeout', message: 'The connection was lost.' });
  }

  ack({ clientMessageId, id, deleted }: Ack): void {
    const entry = this.#find(clientMessageId);
    if (!entry || entry.state === 'sent') return;
    this.#settle(entry);
    entry.eventId = id;
    // Waits for no event if the command is not a message, or if the message is deleted or already in the feed.
    if (deleted || !isMessage(entry) || this.#hooks.shows(id)) {
      this.#remove([entry]);
      return;
    }
    this.#mark(entry, 'sent');
    this.#awaitEvent(entry);
    this.flush();
  }

  fail({ type: _, clientMessageId, ...error }: ErrorFrame): void {
    const { code, retryAfterMs } = error;
    // The server refuses some commands before it parses them. Such an error has no id, and is taken to be about the one
    // command that is in flight.
    const entry = clientMessageId === undefined ? this.#state.inFlight : this.#find(clientMessageId);
    if (entry?.state !== 'sending') return;
    if (code === 'rate_limited') {
      const wait = retryAfterMs ?? DEFAULT_RATE_WAIT_MS;
      entry.attempts = 0;
      this.#settle(entry);
      this.#mark(entry, 'sending', error);
      this.#state.rateLimitedUntil = Math.max(this.#state.rateLimitedUntil ?? 0, this.#hooks.now() + wait);
      this.#pause(wait, error.rule === 'slow' ? 'messages' : 'all');
      this.flush();
    } else if (code === 'unavailable') {
      if (entry === this.#state.inFlight) this.#again(error);
    } else {
      this.#settle(entry);
      this.#giveUp(entry, error);
    }
  }

  /**
   * Called with the ids of events that are now in the feed. Removes the commands that appended these events. Finds them
   * even before their acks, because an event's id contains the command's `clientMessageId`.
   */
  shown(ids: readonly EventId[]): void {
    const named = new Map(ids.map((id) => [clientMessageIdOf(id), id]));
    this.#remove(
      this.#state.entries.filter(({ command, eventId }) => {
        const id = named.get(command.clientMessageId);
        return id !== undefined && (eventId === undefined || eventId === id);
      }),
    );
  }

  /** Called when the newest page was loaded. Removes the messages whose events are no longer waited for (`OLD_MS`). */
  loaded(): void {
    this.#loadedAt = this.#hooks.now();
    this.#remove(this.#state.entries.filter((entry) => this.#isPast(entry)));
  }

  /** Whether the message is acked, and its event is no longer waited for (`OLD_MS`). */
  #isPast({ state, at }: Entry): boolean {
    return state === 'sent' && at < this.#loadedAt && at < this.#hooks.now() - OLD_MS;
  }

  /**
   * Adds the commands that this person left unanswered at earlier visits or in other tabs. Does so once, until another
   * person is shown.
   */
  #takeUp(person: string | undefined): void {
    if (person === undefined || person === this.#resumedFor) return;
    this.#resumedFor = person;
    const left = this.#kept
      .load(person, this.#hooks.now())
      .filter(({ command }) => !this.#find(command.clientMessageId));
    this.#state.entries.unshift(...left.map((entry): Entry => ({ ...entry, state: 'sending', attempts: 0 })));
    this.#hooks.changed();
  }

  #again(error: Failure): void {
    const entry = this.#state.inFlight!;
    this.#settle(entry);
    if (entry.attempts >= MAX_ATTEMPTS) this.#giveUp(entry, error);
    else this.#pause(fullJitter(entry.attempts, this.#hooks.random, 250));
  }

  #giveUp(entry: Entry, error: Failure): void {
    if (isMessage(entry)) {
      this.#mark(entry, 'failed', error);
      this.flush();
    } else {
      this.#remove([entry]);
      this.#hooks.refused(entry.command, error);
    }
  }

  /**
   * Checks the connection at growing intervals, until the event of an acked message has arrived or is no longer waited
   * for.
   */
  #awaitEvent(entry: Entry, ms = SHOW_WITHIN_MS): void {
    this.#life?.after(ms, () => {
      if (!this.#state.entries.includes(entry)) return;
      if (this.#isPast(entry)) return this.#remove([entry]);
      this.#hooks.checkConnection();
      this.#awaitEvent(entry, Math.min(2 * ms, 60_000));
    });
  }

  #pause(ms: number, whom: 'all' | 'messages' = 'all'): void {
    this.#pauses[whom]?.();
    this.#pauses[whom] = this.#life?.after(ms, () => {
      this.#pauses[whom] = undefined;
      this.#endLimit();
      this.flush();
    });
  }

  /** Ends all pauses. */
  #resume(): void {
    for (const whom of ['all', 'messages'] as const) {
      this.#pauses[whom]?.();
      this.#pauses[whom] = undefined;
    }
    this.#endLimit();
  }

  #endLimit(): void {
    if (this.#pauses.all || this.#pauses.messages || this.#state.rateLimitedUntil === undefined) return;
    this.#state.rateLimitedUntil = undefined;
    for (const entry of this.#state.entries) if (entry.state === 'sending') this.#mark(entry, 'sending');
    this.#hooks.changed();
  }

  #settle(entry: Entry): void {
    if (entry !== this.#state.inFlight) return;
    this.#cancelTimeout?.();
    this.#state.inFlight = undefined;
  }

  #mark(entry: Entry, state: Entry['state'], error?: Failure): void {
    entry.state = state;
    if (error) entry.error = error;
    else delete entry.error;
    this.#hooks.changed();
  }

  #remove(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.#settle(entry);
    this.#state.entries = this.#state.entries.filter((entry) => !entries.includes(entry));
    this.#hooks.changed();
    this.flush();
  }

  #find(clientMessageId: string): Entry | undefined {
    return this.#state.entries.find(({ command }) => command.clientMessageId === clientMessageId);
  }
}

/**
 * Whether a command posts a message. An acked message usually stays in the outbox until its event arrives. A failed
 * message stays too, so that the person can retry or discard it. Any other command is removed when it is acked or given
 * up.
 */
function isMessage({ command }: Entry): boolean {
  return command.action === 'sendMessage';
}
