import type { ReactiveControllerHost, TemplateResult } from 'lit';
import type { Snapshot } from '../client.ts';
import type { Language } from '../text/language.ts';
import type { OwnMessage } from '../views/message.ts';
import { charactersLeft } from './characters-left.ts';
import { composer } from './composer.ts';
import { Composing } from './composing.ts';
import { Countdown } from './countdown.ts';
import { deletion, delivery } from './own-message.ts';
import { writingStyles } from './styles.ts';

interface Host extends ReactiveControllerHost {
  readonly server: string;
  readonly room: string;
  readonly renderRoot: DocumentFragment | HTMLElement;
  post(text: string): string | undefined;
  signIn(): Promise<void>;
}

/**
 * All that a box needs beyond reading: the composer, the way of its messages to the server, and what is to be seen and done
 * at them. A file of its own in the bundle, fetched while the feed is.
 */
export class Writing implements OwnMessage {
  readonly delivery = delivery;
  readonly deletion = deletion;
  readonly #host: Host;
  readonly #composing: Composing;
  readonly #countdown: Countdown;
  /** As last rendered. */
  #snapshot!: Snapshot;

  constructor(host: Host) {
    this.#host = host;
    this.#composing = new Composing(host, () => this.#send());
    this.#countdown = new Countdown(host);
    (host.renderRoot as ShadowRoot).adoptedStyleSheets.push(writingStyles.styleSheet!);
  }

  focus(options?: FocusOptions): void {
    this.#composing.field?.focus(options);
  }

  clear(): void {
    this.#composing.set('');
  }

  /** @param problem what went wrong last */
  render(language: Language, snapshot: Snapshot, problem: string | undefined): TemplateResult {
    this.#snapshot = snapshot;
    this.#composing.open(this.#host.server, this.#host.room);
    const { text, input, keydown, contain } = this.#composing;
    return composer({
      language,
      text,
      signedIn: snapshot.signedIn,
      left: this.#left,
      wait: this.#countdown.until(snapshot.rateLimitedUntil),
      problem,
      send: this.#send,
      signIn: this.#signIn,
      input,
      keydown,
      contain,
    });
  }

  /** See `charactersLeft`; unknown until the server has told its limits. */
  get #left(): number | undefined {
    const limits = this.#snapshot.config?.limits;
    return limits && charactersLeft(this.#composing.text, limits);
  }

  readonly #send = (): void => {
    const { signedIn, rateLimitedUntil = 0 } = this.#snapshot;
    if (!signedIn) this.#signIn();
    else if ((this.#left ?? 0) < 0 || rateLimitedUntil > Date.now()) return;
    else if (this.#host.post(this.#composing.text) !== undefined) this.clear();
  };

  readonly #signIn = (): void => void this.#host.signIn();
}
