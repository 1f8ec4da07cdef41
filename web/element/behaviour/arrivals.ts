import { clientMessageIdOf } from '../../../src/domain/feed/event-id.ts';
import type { Actor, Message, SequencedEvent } from '../../../src/domain/schema.generated.ts';
import type { Change, Snapshot } from '../client.ts';
import type { Language } from '../text/language.ts';
import type { Announce, Announcer } from './announcer.ts';
import { Lookalikes } from './lookalikes.ts';
import type { Reporter } from './reporter.ts';
import { Unread } from './unread.ts';
import type { Viewport } from './viewport.ts';

interface Host {
  readonly user: Actor | undefined;
  readonly announce: Announce;
}

/**
 * Handles messages that arrive while the box is open: announces other people's messages, adds their authors to
 * `lookalikes`, keeps the user's own messages visible, and tells the page about each message. Also decides above which
 * number messages are unread.
 */
export class Arrivals {
  unread = new Unread();
  lookalikes = new Lookalikes();
  readonly #host: Host;
  readonly #viewport: Viewport;
  readonly #announcer: Announcer;
  readonly #reporter: Reporter;

  constructor(host: Host, viewport: Viewport, announcer: Announcer, reporter: Reporter) {
    this.#host = host;
    this.#viewport = viewport;
    this.#announcer = announcer;
    this.#reporter = reporter;
  }

  look({ snapshot, arrived }: Change, before: Snapshot, language: Language): void {
    const { messages } = snapshot.feed;
    const { user, announce } = this.#host;
    if (this.unread.since === undefined && (messages[0] || snapshot.connection === 'live')) {
      this.unread.begin(messages[0]?.seq ?? 0);
    }
    const posted = postedIn(arrived, messages);
    const sent = new Set(before.outgoing.map(({ clientMessageId }) => clientMessageId));
    for (const message of posted) {
      // The user's own message was visible while it was being sent. `admit` keeps it visible, also while the user reads
      // further down and new messages of other people wait.
      if (sent.has(clientMessageIdOf(message.id))) this.#viewport.admit(message.seq);
      this.#reporter.tell('shout-message', { message });
    }
    const heard = posted.filter(({ actor, deleted }) => !deleted && actor.id !== user?.id);
    for (const { actor } of heard) this.lookalikes.see(actor);
    this.#announcer.arrived(heard, announce, language, ({ id, name }) =>
      [name, this.lookalikes.tagOf(id)].filter(Boolean).join(' '),
    );
  }
}

/** Returns the messages that the arrived events posted, oldest first, in their current state: some may be deleted. */
function postedIn(arrived: readonly SequencedEvent[], messages: readonly Message[]): Message[] {
  const numbers = new Set(arrived.filter(({ type }) => type === 'MessagePosted').map(({ seq }) => seq));
  return numbers.size > 0 ? messages.filter(({ seq }) => numbers.has(seq)).reverse() : [];
}
