import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Actor, Message } from '../../../src/domain/schema.generated.ts';
import type { ConnectionState } from '../client.ts';
import { type Language, plural } from '../text/language.ts';

export type Announce = 'all' | 'count' | 'off';

const QUIET = 1_000;
const MOST_READ_OUT = 3;

/**
 * What a polite live region says, apart from the feed: a `role="log"` would read the feed's end, and ours grows at its
 * start. Waits for a second's worth of arrivals, so that a busy room is one sentence and not a stammer.
 */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #arrived: Message[] = [];
  #lost = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The text of the live region. */
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

  /** @param nameOf an author's name, with what tells it apart where another one looks the same */
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

  /** Whoever cannot see the state is told when it is lost and when it is back, and nothing of the steps between. */
  connection(state: ConnectionState, announce: Announce, { strings }: Language): void {
    const lost = state === 'offline';
    if (lost === this.#lost || !(lost || state === 'live')) return;
    this.#lost = lost;
    if (announce !== 'off') this.say(lost ? strings.offline : strings.live);
  }

  say(text: string): void {
    // The same words twice are no change to a live region; a trailing space makes them one.
    this.text = text === this.text ? `${text}\u00a0` : text;
    this.#host.requestUpdate();
  }
}
