import type { nothing, ReactiveControllerHost, TemplateResult } from 'lit';
import type { Actor } from '../../../src/domain/schema.generated.ts';
import { Part } from '../../client/part.ts';
import type { Strings } from '../../locales/strings.ts';
import { keyOf, type Remember, storageFor } from '../behaviour/remembering.ts';
import type { Room } from '../behaviour/room.ts';
import type { Snapshot } from '../client.ts';
import type { Rules } from '../rules/rules.ts';
import type { Language } from '../text/language.ts';
import { Account } from './account.ts';
import { charactersLeft } from './characters-left.ts';
import { composer } from './composer.ts';
import { Composing } from './composing.ts';
import { Countdown } from './countdown.ts';
import { type ButtonsOfRows, RowButtons } from './row-buttons.ts';
import { writingStyles } from './styles.ts';

const rulesPart = new Part(() => import('../rules/rules.ts'));

export interface WritingHost extends ReactiveControllerHost {
  readonly server: string;
  readonly room: string;
  readonly renderRoot: DocumentFragment | HTMLElement;
  readonly readonly: boolean;
  readonly remember: Remember;
  /** Function by which the page gives tokens; undefined if the box itself signs people in. */
  readonly getToken: unknown;
  readonly user: Actor | undefined;
  post(text: string): string | undefined;
  signIn(): Promise<void>;
  signOut(): Promise<void>;
}

/**
 * Everything that writing needs: the composer, the account menu, the delivery status of the user's own messages, and
 * the actions on messages. The box fetches this code separately, while the feed is loading.
 */
export class Writing {
  /** The buttons of the rows. If the person is a moderator, `Moderation` replaces these buttons with its own. */
  rows: ButtonsOfRows['rows'];
  readonly #host: WritingHost;
  readonly #composing: Composing;
  readonly #countdown: Countdown;
  readonly #account: Account;
  readonly #room: Room;
  /** The text to send as soon as `getToken` gives a token, unless the person changes the text meanwhile. */
  #waiting: string | undefined;
  #rules: Rules | undefined;
  /** The snapshot that was rendered last. */
  #snapshot!: Snapshot;

  constructor(host: WritingHost, room: Room) {
    this.#host = host;
    this.#room = room;
    this.rows = new RowButtons(host, room, (row, language) => this.#withRules((rules) => rules.open(row, language)));
    this.#composing = new Composing(host, () => this.#send());
    this.#countdown = new Countdown(host);
    this.#account = new Account(host, () => void host.signOut());
    (host.renderRoot as ShadowRoot).adoptedStyleSheets.push(writingStyles.styleSheet!);
  }

  focus(options?: FocusOptions): void {
    this.#composing.field?.focus(options);
  }

  clear(): void {
    this.#composing.set('');
  }

  /** Drops the drafts of this person and of guests in every room of the server. */
  forget(person: string | undefined): void {
    this.#composing.forget(this.#host.server, person);
  }

  account(user: Actor | undefined, strings: Strings): TemplateResult | undefined {
    return user && this.#account.render(user, strings);
  }

  /** @param problem the last problem, as a sentence */
  render(language: Language, snapshot: Snapshot, problem: string | TemplateResult | undefined): TemplateResult {
    this.#snapshot = snapshot;
    this.#composing.open(this.#host.server, this.#host.room, snapshot.person);
    if (snapshot.outgoing.some(({ error }) => error)) this.#withRules();
    const rules = this.rules(language, snapshot);
    const { text, input, keydown, contain } = this.#composing;
    const waits = text !== '' && text === this.#waiting;
    if (waits && snapshot.signedIn) void this.#host.updateComplete.then(this.#send);
    return composer({
      language,
      text,
      signedIn: this.#signedIn,
      left: this.#left,
      wait: this.#wait,
      rules,
      problem,
      waits,
      send: this.#send,
      signIn: this.#host.getToken ? undefined : this.#signIn,
      input,
      keydown,
      contain,
    });
  }

  /**
   * Renders what `Rules` shows, such as the pinned message. The box calls this method instead of `render` if there is
   * no composer: if the box is `readonly`, or if the person may not read the room.
   */
  rules(language: Language, snapshot: Snapshot): TemplateResult | typeof nothing | undefined {
    if (snapshot.role || snapshot.feed.rules) this.#withRules();
    return this.#rules?.render(language, snapshot);
  }

  /**
   * Number of characters left in the composer, negative if its text is too long. Undefined while the limit is far, and
   * until the server's limits are known.
   */
  get #left(): number | undefined {
    const limits = this.#snapshot.config?.limits;
    return limits && charactersLeft(this.#composing.text, limits);
  }

  /** Seconds until the person may write again. */
  get #wait(): number {
    return this.#countdown.until(this.#rules?.waitUntil ?? this.#snapshot.rateLimitedUntil);
  }

  /** Loads the code of `Rules` if needed, then calls `use`. Does nothing if the code cannot be loaded. */
  #withRules(use?: (rules: Rules) => void): void {
    rulesPart.load().then(
      ({ Rules }) => {
        this.#rules ??= new Rules(this.#host, this.#room, this);
        use?.(this.#rules);
      },
      () => {},
    );
  }

  /**
   * Whether somebody is signed in. Also true while the box has no token yet for a sign-in, for example for a remembered
   * one. A message that is sent then waits for the token.
   */
  get #signedIn(): boolean {
    const { server, remember, getToken, user } = this.#host;
    return this.#snapshot.signedIn || (!getToken && Boolean(user ?? storageFor(remember)?.getItem(keyOf(server))));
  }

  readonly #send = (): void => {
    this.#waiting = this.#signedIn || !this.#host.getToken ? undefined : this.#composing.text;
    if (!this.#signedIn) this.#signIn();
    else if ((this.#left ?? 0) < 0 || this.#wait > 0) return;
    else if (this.#host.post(this.#composing.text) !== undefined) this.clear();
  };

  readonly #signIn = (): void => void this.#host.signIn();
}
