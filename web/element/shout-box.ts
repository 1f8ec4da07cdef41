import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { emptyFeed } from '../../src/domain/feed.ts';
import type { Actor, Config, EventId, Message, SequencedEvent } from '../../src/domain/schema.generated.ts';
import { ShoutClient } from '../client/shout-client.ts';
import type { Strings } from '../locales/strings.ts';
import { Anchor } from './behaviour/anchor.ts';
import { Announcer } from './behaviour/announcer.ts';
import { Clock } from './behaviour/clock.ts';
import { Composing } from './behaviour/composing.ts';
import { showInTitle } from './behaviour/page-title.ts';
import { Reading } from './behaviour/reading.ts';
import { PopupBlocked, SigningIn } from './behaviour/signing-in.ts';
import type { Change, Client, ConnectionState, Snapshot } from './client.ts';
import type { ShoutBoxEvents } from './events.ts';
import { feedKey } from './feed-keys.ts';
import { rowsOf } from './rows.ts';
import { styles } from './styles/index.ts';
import { charactersLeft } from './text/graphemes.ts';
import { english, type Language, loadLanguage } from './text/language.ts';
import { composer } from './views/composer.ts';
import { feed } from './views/feed.ts';
import { header } from './views/header.ts';
import { emptyState, skeleton } from './views/notice.ts';

const nothingYet: Snapshot = {
  feed: emptyFeed,
  outgoing: [],
  connection: 'connecting',
  config: undefined,
  position: { epoch: '', last: 0 },
  hasOlder: false,
  loadingOlder: false,
  rateLimitedUntil: undefined,
  signedIn: false,
};

/** Until the server has told its own. */
const LIMITS = { textGraphemes: 500, textBytes: 2048 };

/**
 * A live shoutbox: people sign in, shout a short message, and everyone here sees it at once, newest on top.
 *
 * @tag shout-box
 *
 * @fires {CustomEvent<{ connectionState: ConnectionState, unread: number, room: string, user?: Actor }>} shout-state - The connection, the number of unread messages or the person changed.
 * @fires {CustomEvent<{ message: Message }>} shout-message - A message arrived while the box was open.
 * @fires {CustomEvent<{ text: string }>} shout-before-send - A message is about to be sent. Change `detail.text`, or stop it with `preventDefault()`.
 * @fires {CustomEvent<{ code: string, message: string }>} shout-error - Something was refused or did not work; `message` is for developers.
 * @fires {CustomEvent<{ user?: Actor }>} shout-auth - Somebody signed in, or out.
 *
 * @slot header - Instead of the title.
 * @slot empty - Instead of what an empty feed says.
 * @slot sign-in - Instead of the sign-in button; call `signIn()` in its click handler.
 * @slot footer - Below the feed.
 *
 * @csspart box - Everything.
 * @csspart header - The line on top.
 * @csspart title - The box's name.
 * @csspart status - The state of the connection.
 * @csspart composer - Where messages are written.
 * @csspart send - The button that sends.
 * @csspart sign-in - The button that signs in.
 * @csspart pill - The button that shows how many new messages wait.
 * @csspart feed - The messages.
 * @csspart message - One message.
 * @csspart own - One of the person's own messages.
 * @csspart day - The heading of a day.
 * @csspart author - A message's author.
 * @csspart time - A message's time.
 * @csspart text - A message's text.
 * @csspart older - The button for older messages.
 *
 * @cssprop [--shout-height=34rem] - Height of the box; `height` on the element works as well.
 * @cssprop [--shout-accent=#ffb71b] - Buttons, own messages, links. What is written on it turns black or white by itself.
 * @cssprop --shout-on-accent - What is written on the accent, where that should be something else.
 * @cssprop --shout-background - Background.
 * @cssprop --shout-field - Background of the text field.
 * @cssprop --shout-text - Text.
 * @cssprop --shout-muted - Times, states, hints.
 * @cssprop --shout-line - Hairlines.
 * @cssprop --shout-edge - Borders of what can be used; 3:1 against the background.
 * @cssprop --shout-danger - What went wrong.
 * @cssprop [--shout-radius=18px] - Corners.
 * @cssprop --shout-shadow - Shadow of the box.
 * @cssprop [--shout-font=system-ui] - Font family.
 * @cssprop [--shout-font-size=15px] - Everything scales with it.
 * @cssprop [--shout-avatar-size=36px] - Pictures of authors.
 * @cssprop [--shout-gap=12px] - Between picture and text.
 */
export class ShoutBox extends LitElement {
  static override readonly styles = styles;

  static override readonly properties = {
    server: {},
    room: {},
    theme: {},
    lang: { reflect: true },
    pageSize: { type: Number, attribute: 'page-size' },
    announce: {},
    readonly: { type: Boolean },
    unreadTitle: { type: Boolean, attribute: 'unread-title' },
    callback: {},
    strings: { attribute: false },
    getToken: { attribute: false },
  };

  /** Base URL of the HTTP API. */
  declare server: string;
  /** One of any number of rooms: `a-z`, `0-9`, `-` and `_`, at most 64. */
  declare room: string;
  /** `auto` follows the system, `page` the page's own `color-scheme`. */
  declare theme: 'light' | 'dark' | 'auto' | 'page';
  /** Language, as BCP 47 tag: `ar`, `de`, `en`, `es`, `fr`, `ja`. Where absent, that of the page. */
  declare lang: string;
  /** Messages to load at a time. */
  declare pageSize: number;
  /** What a screen reader hears of new messages: their text, how many, or nothing. */
  declare announce: 'all' | 'count' | 'off';
  /** Without a place to write. */
  declare readonly: boolean;
  /** Shows the number of unread messages in the page's title. */
  declare unreadTitle: boolean;
  /** Address of `callback.html`, which finishes a sign-in; beside the script where absent. */
  declare callback: string;
  /** Texts to use instead of the built-in ones. */
  declare strings: Partial<Strings> | undefined;
  /**
   * The page's own session: gives an access token that is good now, `undefined` for nobody. The box then shows no sign-in
   * of its own. It gets the token the server has just refused, if there was one.
   */
  declare getToken: ((refused?: string) => Promise<string | undefined>) | undefined;

  readonly #reading = new Reading(this);
  readonly #announcer = new Announcer(this);
  readonly #composing = new Composing(this, () => this.#send());
  readonly #signingIn = new SigningIn(this, () => this.#signedInOrOut());
  readonly #anchor = new Anchor();
  #client: Client | undefined;
  #unsubscribe: (() => void) | undefined;
  #snapshot = nothingYet;
  #language: Language = english;
  #active: string | undefined;
  #confirming: string | undefined;
  #since: number | undefined;
  #readUpTo: number | undefined;
  #countdown: ReturnType<typeof setTimeout> | undefined;
  #told = '';
  /** What the person is told went wrong, until they do the next thing. */
  #problem: string | undefined;

  constructor() {
    super();
    new Clock(this);
    this.server = '';
    this.room = 'lobby';
    this.theme = 'auto';
    this.pageSize = 30;
    this.announce = 'all';
    this.readonly = false;
    this.unreadTitle = false;
    this.callback = '';
  }

  /** What is loaded, newest first. */
  get messages(): readonly Message[] {
    return this.#snapshot.feed.messages;
  }

  /** Who is signed in. */
  get user(): Actor | undefined {
    return this.#signingIn.user;
  }

  /** `connecting`, `live`, `catching-up`, `offline`, `signed-out` or `closed`. */
  get connectionState(): ConnectionState {
    return this.#snapshot.connection;
  }

  /** Opens the sign-in window. Call it in a click or key handler: browsers block windows opened at other times. */
  async signIn(): Promise<void> {
    this.#problem = undefined;
    try {
      await this.#signingIn.start(this.#config());
      this.#composing.field?.focus();
    } catch (error) {
      const { strings } = this.#language;
      this.#fail(
        'unauthenticated',
        (error as Error).message,
        error instanceof PopupBlocked ? strings.popupBlocked : undefined,
      );
    }
  }

  /** Ends the session here and at the issuer, and clears what was being written. */
  async signOut(): Promise<void> {
    this.#composing.set('');
    await this.#signingIn.end();
  }

  /** Shouts. Gives the message's `clientMessageId`; undefined where it is empty or a listener stopped it. */
  post(text: string): string | undefined {
    const detail = { text };
    const go = this.#tell('shout-before-send', detail, true);
    const trimmed = detail.text.trim();
    if (!go || !trimmed || !this.#client) return undefined;
    const id = this.#client.post(trimmed);
    this.#toNewest();
    return id;
  }

  /** Shows older messages, loading them where needed. */
  async loadOlder(): Promise<void> {
    if (!this.#reading.grow()) {
      await this.#client?.loadOlder();
      this.#reading.grow();
    }
    await this.updateComplete;
  }

  /** Where its data comes from; the gallery has its own. */
  protected createClient(): Client {
    return new ShoutClient({
      server: this.server,
      room: this.room,
      pageSize: this.pageSize,
      getToken: (refused) => this.#signingIn.token(refused, this.#snapshot.config?.nameClaim),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const [target, type] of lifeSigns()) target.addEventListener(type, this.#lifeSign);
    this.#client?.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const [target, type] of lifeSigns()) target.removeEventListener(type, this.#lifeSign);
    clearTimeout(this.#countdown);
    this.#countdown = undefined;
    showInTitle(this, 0);
    // Moving an element within the page takes it out and puts it in again in one go: no reason to reconnect.
    queueMicrotask(() => {
      if (!this.isConnected) this.#client?.close();
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('server') || changed.has('room') || changed.has('pageSize')) this.#restart();
    if (!this.hasUpdated || changed.has('lang') || changed.has('strings')) void this.#speak();
    if (this.hasUpdated && changed.has('getToken')) void this.#client?.refreshToken();
  }

  protected override update(changed: PropertyValues<this>): void {
    this.#anchor.take(this.#scroller, this.#feed, this.#reading.windowed);
    super.update(changed);
    this.#anchor.restore(this.#scroller);
  }

  protected override updated(): void {
    const { rateLimitedUntil = 0 } = this.#snapshot;
    if (rateLimitedUntil > Date.now() && this.isConnected) {
      this.#countdown ??= setTimeout(() => {
        this.#countdown = undefined;
        this.requestUpdate();
      }, 1_000);
    }
    this.#tellState();
  }

  protected override render(): TemplateResult {
    const language = this.#language;
    const { strings } = language;
    const { connection } = this.#snapshot;
    return html`<section class="box theme-${this.theme}" part="box" dir=${language.direction} lang=${language.locale}
      aria-label=${strings.title}>
      ${header({
        strings,
        connection,
        paused: this.#reading.paused,
        user: this.user,
        pause: this.#pause,
        signOut: this.getToken ? undefined : this.#signOut,
      })}
      ${this.readonly ? '' : this.#composer()}
      ${this.#feedView()}
      <slot name="footer"></slot>
      <p class="announcer" role="status" aria-live="polite">${this.#announcer.text}</p>
    </section>`;
  }

  #composer(): TemplateResult {
    const { config, rateLimitedUntil = 0, signedIn } = this.#snapshot;
    const { text, input, keydown, contain } = this.#composing;
    return composer({
      language: this.#language,
      text,
      signedIn,
      left: charactersLeft(text, config?.limits ?? LIMITS),
      wait: Math.max(0, Math.ceil((rateLimitedUntil - Date.now()) / 1_000)),
      send: this.#submit,
      input,
      keydown,
      contain,
      signIn: this.#signIn,
      problem: this.#problem,
    });
  }

  #feedView(): TemplateResult {
    const { feed: log, outgoing, hasOlder, loadingOlder } = this.#snapshot;
    const now = Date.now();
    const { rows, waiting, offset } = this.#reading.select(log.messages);
    const total = hasOlder ? -1 : log.messages.length + outgoing.length;
    return feed({
      language: this.#language,
      now,
      rows: rowsOf(rows, outgoing, {
        user: this.user,
        now,
        locale: this.#language.locale,
        mayDelete: !this.readonly && this.#snapshot.signedIn,
        confirming: this.#confirming,
        since: this.#since ?? Number.POSITIVE_INFINITY,
      }),
      offset,
      total,
      active: this.#active,
      busy: loadingOlder,
      hasOlder: hasOlder || offset + rows.length < log.messages.length,
      waiting: waiting.length,
      notice: this.#notice(),
      older: this.#older,
      release: this.#release,
      scroll: this.#scroll,
      click: this.#click,
      keydown: this.#keydown,
      pointer: this.#pointer,
      focus: this.#focusMoved,
    });
  }

  #notice(): TemplateResult {
    const { strings } = this.#language;
    const { connection } = this.#snapshot;
    if (connection === 'signed-out') return emptyState(strings.membersOnly, '');
    if (connection === 'live') return html`<slot name="empty">${emptyState(strings.empty, strings.emptyHint)}</slot>`;
    return skeleton(strings);
  }

  get #scroller(): Element | null {
    return this.renderRoot.querySelector('.scroller');
  }

  get #feed(): Element | null {
    return this.renderRoot.querySelector('.feed');
  }

  #restart(): void {
    this.#unsubscribe?.();
    this.#client?.close();
    this.#client = undefined;
    this.#snapshot = nothingYet;
    this.#since = this.#readUpTo = undefined;
    this.#reading.reset();
    this.#composing.open(this.server, this.room);
    const client = this.createClient();
    this.#client = client;
    this.#unsubscribe = client.subscribe((change) => this.#changed(change));
    this.#snapshot = client.snapshot;
    if (this.isConnected) client.open();
    this.#signingIn.resume(this.#config()).catch((error: Error) => this.#fail('unauthenticated', error.message));
  }

  #signedInOrOut(): void {
    this.#tell('shout-auth', { user: this.user });
    void this.#client?.refreshToken();
    this.requestUpdate();
  }

  #changed({ snapshot, arrived, reset, refused }: Change): void {
    if (reset) {
      this.#reading.reset();
      this.#since = this.#readUpTo = undefined;
    }
    const sent = new Set(this.#snapshot.outgoing.map(({ clientMessageId }) => clientMessageId));
    this.#snapshot = snapshot;
    if (this.#since === undefined && (snapshot.feed.messages[0] || snapshot.connection === 'live')) {
      this.#since = this.#readUpTo = snapshot.feed.messages[0]?.seq ?? 0;
    }
    const posted = arrived.filter(({ type }) => type === 'MessagePosted');
    for (const event of posted) this.#arrived(event, sent);
    const others = posted.filter(({ actor }) => actor.id !== this.user?.id).map(({ seq }) => seq);
    const messages = snapshot.feed.messages.filter(({ seq, deleted }) => others.includes(seq) && !deleted);
    this.#announcer.arrived(messages, this.announce, this.#language);
    if (refused) this.#fail(refused.error.code, refused.error.message);
    this.requestUpdate();
  }

  #arrived(event: SequencedEvent, sent: ReadonlySet<string>): void {
    // What was in sight on its way stays in sight when it has arrived, whoever reads.
    if (sent.has(event.id.slice(event.id.indexOf(':') + 1))) this.#reading.admit(event.seq);
    const message = this.#snapshot.feed.messages.find(({ seq }) => seq === event.seq);
    if (message) this.#tell('shout-message', { message });
  }

  async #speak(): Promise<void> {
    const tag = this.lang || this.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang || 'en';
    const language = await loadLanguage(tag);
    this.#language = { ...language, strings: { ...language.strings, ...this.strings } };
    this.requestUpdate();
  }

  /** The server's configuration, which sign-in needs and which may still be on its way. */
  #config(): Promise<Config> {
    const { promise, resolve } = Promise.withResolvers<Config>();
    const look = ({ snapshot: { config } }: Pick<Change, 'snapshot'>) => config && resolve(config);
    const client = this.#client!;
    look(client);
    const end = client.subscribe(look);
    return promise.finally(end);
  }

  #send(): void {
    this.#problem = undefined;
    const { text } = this.#composing;
    const { signedIn, config, rateLimitedUntil = 0 } = this.#snapshot;
    if (!signedIn) {
      void this.signIn();
      return;
    }
    const tooLong = (charactersLeft(text, config?.limits ?? LIMITS) ?? 0) < 0;
    if (tooLong || rateLimitedUntil > Date.now()) return;
    if (this.post(text) !== undefined) this.#composing.set('');
  }

  #toNewest(): void {
    this.#reading.release();
    this.#scroller?.scrollTo({ top: 0 });
  }

  readonly #submit = (): void => this.#send();

  readonly #signIn = (): void => void this.signIn();
  readonly #signOut = (): void => void this.signOut();
  readonly #older = (): void => void this.loadOlder();

  readonly #pause = (): void => {
    this.#reading.hold('paused', !this.#reading.paused);
  };

  readonly #release = (): void => {
    this.#toNewest();
    this.#composing.field?.focus({ preventScroll: true });
  };

  readonly #scroll = (event: Event): void => {
    if (this.#reading.scrolled(event.target as Element) && this.#snapshot.hasOlder) void this.loadOlder();
  };

  readonly #pointer = (event: PointerEvent): void => {
    // A finger leaves no pointer behind that could rest on the feed.
    if (event.pointerType !== 'touch') this.#reading.hold('hovered', event.type === 'pointerenter');
  };

  readonly #focusMoved = (event: FocusEvent): void => {
    const inside = event.type === 'focusin';
    const row = (event.target as Element).closest<HTMLElement>('article');
    if (inside) this.#active = row?.dataset.key;
    else if (this.#confirming && row?.dataset.key === this.#confirming) this.#confirming = undefined;
    this.#reading.hold('focused', inside);
    this.requestUpdate();
  };

  readonly #click = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLElement>('[data-do]');
    const key = button?.closest('article')?.dataset.key;
    if (!button || !key) return;
    const clientMessageId = key.slice(key.indexOf(':') + 1);
    switch (button.dataset.do) {
      case 'retry':
        this.#client?.retry(clientMessageId);
        break;
      case 'discard':
        this.#client?.discard(clientMessageId);
        break;
      case 'delete':
        this.#client?.delete(key as EventId);
        this.#confirming = undefined;
        break;
      case 'confirm':
        this.#confirming = key;
    }
    this.requestUpdate();
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const move = feedKey(event);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const row = (event.target as Element).closest('article');
    if (move === 'next') void this.#focusNext(row);
    else if (move === 'previous') (row?.previousElementSibling as HTMLElement | null)?.focus();
    else if (move === 'before') (this.#composing.field ?? this.renderRoot.querySelector('button'))?.focus();
    else this.renderRoot.querySelector<HTMLElement>('.older')?.focus();
  };

  async #focusNext(row: Element | null): Promise<void> {
    if (row && !row.nextElementSibling) await this.loadOlder();
    (row?.nextElementSibling as HTMLElement | null)?.focus();
  }

  readonly #lifeSign = (event: Event): void => {
    if (event.type === 'pagehide') this.#client?.close();
    else if (event.type === 'pageshow') this.#client?.open();
    else this.#client?.wake();
    this.requestUpdate();
  };

  #tellState(): void {
    const { feed: log, connection } = this.#snapshot;
    if (!document.hidden && this.#readUpTo !== undefined) {
      this.#readUpTo = Math.max(this.#readUpTo, this.#reading.newestShown ?? 0);
    }
    let unread = 0;
    for (const { seq, actor, deleted } of log.messages) {
      if (seq <= (this.#readUpTo ?? Number.POSITIVE_INFINITY)) break;
      if (!deleted && actor.id !== this.user?.id) unread++;
    }
    const detail = { connectionState: connection, unread, room: this.room, user: this.user };
    const told = JSON.stringify(detail);
    if (told === this.#told) return;
    this.#told = told;
    showInTitle(this, this.unreadTitle ? unread : 0);
    this.#tell('shout-state', detail);
  }

  #fail(code: string, message: string, said = this.#language.strings.error): void {
    this.#problem = said;
    this.#announcer.say(this.#problem);
    this.#tell('shout-error', { code, message });
  }

  /** @returns false where a listener prevented it */
  #tell<T extends keyof ShoutBoxEvents>(type: T, detail: ShoutBoxEvents[T]['detail'], cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }
}

/** Back/forward cache takes no page with an open socket; the rest is where to look again at what was missed. */
function lifeSigns(): [EventTarget, string][] {
  return [
    [window, 'pagehide'],
    [window, 'pageshow'],
    [window, 'online'],
    [window, 'offline'],
    [document, 'visibilitychange'],
  ];
}
