import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Actor, Message } from '../../../src/domain/schema.generated.ts';
import type { ConnectionState } from '../client.ts';
import { type Language, plural } from '../text/language.ts';

export type Announce = 'all' | 'count' | 'off';

const QUIET = 1_000;
const MOST_READ_OUT = 3;

/**
 * Chooses what screen readers announce: `text` is the content of a polite live region. Announces the messages of each
 * second together, so that a busy room does not talk all the time. The feed itself cannot be the live region, because
 * `role="log"` is for content that grows at its end (WAI-ARIA), and the feed grows at its start.
 */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #arrived: Message[] = [];
  #lastState: ConnectionState = 'live';
  #timer: ReturnType<typeof setTimeout> | undefined;
  text = '';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#arrived = [];
    this.text = '';
  }

  /**
   * Announces messages from other people.
   * @param nameOf returns an author's name, with a short id if somebody else's name looks the same
   */
  arrived(
    messages: readonly Message[],
    announce: Announce,
    language: Language,
    nameOf: (author: Actor) => string,
  ): void {
    if (announce === 'off' || messages.length === 0) return;
    this.#arrived.push(...messages);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const batch = this.#arrived.splice(0);
      const readOut = announce === 'all' && batch.length <= MOST_READ_OUT;
      this.say(
        readOut
          ? batch.map(({ actor, text }) => `${nameOf(actor)}: ${text}`).join('\n')
          : plural(language, language.strings.newMessages, batch.length),
      );
    }, QUIET);
  }

  /** Announces that the connection is lost, refused or back. Ignores all other states, such as `connecting`. */
  connection(state: ConnectionState, announce: Announce, { strings }: Language): void {
    if (state === this.#lastState || (state !== 'offline' && state !== 'forbidden' && state !== 'live')) return;
    this.#lastState = state;
    if (announce !== 'off') this.say(strings[state]);
  }

  say(text: string): void {
    // A live region does not announce the same text twice, so a trailing no-break space makes it another text.
    this.text = text === this.text ? `${text}\u00a0` : text;
    this.#host.requestUpdate();
  }
}
