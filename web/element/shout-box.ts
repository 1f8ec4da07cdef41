import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { clientMessageIdOf } from '../../src/domain/feed/event-id.ts';
import type { Actor, Message, SequencedEvent } from '../../src/domain/schema.generated.ts';
import { Part } from '../client/part.ts';
import { ShoutClient } from '../client/shout-client.ts';
import type { Strings } from '../locales/strings.ts';
import { Articles, type Rows } from './articles.ts';
import { Anchor } from './behaviour/anchor.ts';
import { Announcer } from './behaviour/announcer.ts';
import { Clock } from './behaviour/clock.ts';
import { FeedInput, type RowAction } from './behaviour/feed-input.ts';
import { InSight } from './behaviour/in-sight.ts';
import { showInTitle } from './behaviour/page-title.ts';
import { Reading } from './behaviour/reading.ts';
import { Room } from './behaviour/room.ts';
import { SelfCheck } from './behaviour/self-check.ts';
import { PopupBlocked, SigningIn } from './behaviour/signing-in.ts';
import { Speaking } from './behaviour/speaking.ts';
import { Unread } from './behaviour/unread.ts';
import type { Change, Client, ConnectionState, Snapshot } from './client.ts';
import type { ShoutBoxEvents } from './events.ts';
import { rowsOf } from './rows.ts';
import { styles } from './styles/index.ts';
import { feed } from './views/feed.ts';
import { header } from './views/header.ts';
import { notice } from './views/notice.ts';
import type { Writing } from './writing/writing.ts';

export type { ShoutBoxEvents } from './events.ts';

const writing = new Part(() => import('./writing/writing.ts'));

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
  readonly #speaking = new Speaking(this);
  readonly #unread = new Unread();
  readonly #inSight = new InSight(this);
  readonly #selfCheck = new SelfCheck(this, (message) => {
    console.error(`<shout-box>: ${message}`);
    this.#tell('shout-error', { code: 'misconfigured', message });
  });
  readonly #anchor = new Anchor();
  readonly #articles = new Articles();
  /** As last rendered. */
  #rows!: Rows;
  readonly #room = new Room(this, (change, before) => this.#changed(change, before));
  readonly #signingIn = new SigningIn(this, () => this.#signedInOrOut());
  readonly #input = new FeedInput(this, this.#reading, (action, key) => this.#act(action, key));
  /** From when it has been fetched. */
  #writing: Writing | undefined;
  #fetching = false;
  /** The last `shout-state`, to tell only what is new. */
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
    return this.#room.client ? this.#room.snapshot.feed.messages : [];
  }

  /** Who is signed in. */
  get user(): Actor | undefined {
    return this.#signingIn.user;
  }

  /** `connecting`, `live`, `catching-up`, `offline`, `signed-out` or `closed`. */
  get connectionState(): ConnectionState {
    return this.#room.client ? this.#room.snapshot.connection : 'connecting';
  }

  /** Opens the sign-in window. Call it in a click or key handler: browsers block windows opened at other times. */
  async signIn(): Promise<void> {
    this.#problem = undefined;
    try {
      await this.#signingIn.start(this.#room.config());
      this.#writing?.focus();
    } catch (error) {
      const { popupBlocked } = this.#speaking.language.strings;
      this.#fail('unauthenticated', (error as Error).message, error instanceof PopupBlocked ? popupBlocked : undefined);
    }
  }

  /** Ends the session here and at the issuer, and clears what was being written. */
  async signOut(): Promise<void> {
    this.#writing?.clear();
    await this.#signingIn.end();
  }

  /** Shouts. Gives the message's `clientMessageId`; undefined where it is empty or a listener stopped it. */
  post(text: string): string | undefined {
    this.#problem = undefined;
    void this.#write();
    const detail = { text };
    const go = this.#tell('shout-before-send', detail, true);
    const trimmed = detail.text.trim();
    if (!go || !trimmed) return undefined;
    const clientMessageId = this.#room.client?.post(trimmed);
    this.#toNewest();
    return clientMessageId;
  }

  /** Shows older messages, loading them where needed. */
  async loadOlder(): Promise<void> {
    const { client } = this.#room;
    if (!this.#reading.grow() && client?.snapshot.hasOlder) {
      await client.loadOlder();
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
      getToken: (refused) => this.#signingIn.token(refused, this.#room.snapshot.config?.nameClaim),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    showInTitle(this, 0);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('server') || changed.has('room') || changed.has('pageSize')) this.#enter();
    if (!this.hasUpdated || changed.has('lang') || changed.has('strings')) {
      this.#speak();
    }
    if (changed.has('readonly')) void this.#write();
    if (this.hasUpdated && changed.has('getToken')) void this.#room.client?.refreshToken();
  }

  protected override update(changed: PropertyValues<this>): void {
    const find = (name: string) => this.renderRoot.querySelector(name);
    this.#rows = this.#selectRows();
    this.#anchor.take(find('.scroller'), find('.feed'), this.#reading.windowed);
    super.update(changed);
    this.#articles.show(find('.feed')!, this.#rows, this.#speaking.language, this.#writing);
    this.#anchor.restore(find('.scroller'));
  }

  protected override updated(): void {
    const { connectionState, room, user } = this;
    const unread = this.#unread.count(
      this.messages,
      user?.id,
      this.#inSight.value ? this.#reading.newestShown : undefined,
    );
    const detail = { connectionState, unread, room, user };
    const told = JSON.stringify(detail);
    if (told === this.#told) return;
    this.#told = told;
    showInTitle(this, this.unreadTitle ? unread : 0);
    this.#tell('shout-state', detail);
  }

  protected override render(): TemplateResult {
    const { strings, direction, locale } = this.#speaking.language;
    const { connectionState: connection, user } = this;
    return html`<section class="box theme-${this.theme} ${this.#speaking.pending ? 'wordless' : ''}" part="box" dir=${direction} lang=${locale}
      aria-label=${strings.title}>
      ${header({
        strings,
        connection,
        paused: this.#reading.paused,
        user,
        pause: this.#pause,
        signOut: this.getToken ? undefined : this.#signOut,
      })}
      ${this.readonly ? nothing : this.#composer()}
      ${this.#feed(this.#rows)}
      <slot name="footer"></slot>
      <p class="announcer" role="status" aria-live="polite">${this.#announcer.text}</p>
    </section>`;
  }

  #composer(): TemplateResult {
    const { language } = this.#speaking;
    const content = this.#writing?.render(language, this.#room.snapshot, this.#problem);
    return html`<div part="composer" class="composer">${content}</div>`;
  }

  #selectRows(): Rows {
    const { feed: log, outgoing, hasOlder, signedIn } = this.#room.snapshot;
    const { rows, waiting, offset } = this.#reading.select(log.messages);
    const now = Date.now();
    return {
      rows: rowsOf(rows, outgoing, {
        user: this.user,
        now,
        locale: this.#speaking.language.locale,
        mayDelete: !this.readonly && signedIn,
        confirming: this.#input.confirming,
        since: this.#unread.since ?? Number.POSITIVE_INFINITY,
      }),
      now,
      offset,
      total: hasOlder ? -1 : log.messages.length + outgoing.length,
      hasOlder: hasOlder || offset + rows.length < log.messages.length,
      waiting: waiting.length,
      active: this.#input.active,
    };
  }

  #feed({ rows, hasOlder, waiting }: Rows): TemplateResult {
    const { language } = this.#speaking;
    const { connection, loadingOlder } = this.#room.snapshot;
    return feed({
      language,
      isEmpty: rows.length === 0,
      busy: loadingOlder,
      hasOlder,
      waiting,
      notice: notice(connection, hasOlder, language.strings),
      older: this.#older,
      release: this.#release,
      input: this.#input,
    });
  }

  #enter(): void {
    this.#reset();
    this.#selfCheck.reset();
    this.#room.enter(this.createClient());
    const failed = ({ message }: Error) => this.#fail('unauthenticated', message);
    this.#signingIn.resume(this.#room.config()).catch(failed);
  }

  #speak(): void {
    void this.#speaking.choose(this.lang, this.strings, this.#unavailable);
  }

  /** Once more, after retries came to their end without a connection. */
  #fetchMissing(): void {
    void this.#write();
    if (this.#speaking.stuck) this.#speak();
  }

  /** Fetches what it takes to write, once. */
  async #write(): Promise<void> {
    if (this.readonly || this.#writing || this.#fetching) return;
    this.#fetching = true;
    try {
      const [{ Writing }] = await Promise.all([
        writing.load(this.#unavailable),
        this.#room.client?.prepare(),
        this.updateComplete,
      ]);
      this.#writing = new Writing(this);
      this.requestUpdate();
    } catch {
      // It was told, and is tried again when the connection is back.
    }
    this.#fetching = false;
  }

  readonly #unavailable = ({ message }: Error): void =>
    void this.#tell('shout-error', { code: 'unavailable', message });

  #reset(): void {
    this.#reading.reset();
    this.#unread.reset();
  }

  #signedInOrOut(): void {
    this.#tell('shout-auth', { user: this.user });
    void this.#room.client?.refreshToken();
    this.requestUpdate();
  }

  #changed({ snapshot, arrived, reset, refused }: Change, before: Snapshot): void {
    const { messages } = snapshot.feed;
    const { language } = this.#speaking;
    if (reset) this.#reset();
    void this.#selfCheck.look(snapshot.connection).catch(this.#unavailable);
    if (snapshot.connection === 'live' && before.connection !== 'live') this.#fetchMissing();
    if (this.#unread.since === undefined && (messages[0] || snapshot.connection === 'live')) {
      this.#unread.begin(messages[0]?.seq ?? 0);
    }
    const numbers = new Set(arrived.filter(isPosted).map(({ seq }) => seq));
    const posted = numbers.size > 0 ? messages.filter(({ seq }) => numbers.has(seq)) : [];
    const sent = new Set(before.outgoing.map(({ clientMessageId }) => clientMessageId));
    for (const message of posted.toReversed()) {
      // What was in sight on its way stays in sight when it has arrived, whoever reads.
      if (sent.has(clientMessageIdOf(message.id))) this.#reading.admit(message.seq);
      this.#tell('shout-message', { message });
    }
    const heard = posted.filter(({ actor, deleted }) => !deleted && actor.id !== this.user?.id);
    this.#announcer.arrived(heard.toReversed(), this.announce, language);
    if (refused) this.#fail(refused.error.code, refused.error.message);
    this.#announcer.connection(snapshot.connection, this.announce, language);
  }

  #act(action: RowAction, key: string): void {
    const { client } = this.#room;
    if (action === 'delete') client?.send({ action: 'deleteMessage', target: key });
    else client?.[action](clientMessageIdOf(key));
  }

  readonly #signOut = (): void => void this.signOut();
  readonly #older = (): void => void this.loadOlder();
  readonly #pause = (): void => this.#reading.hold('paused', !this.#reading.paused);

  readonly #release = (): void => {
    this.#toNewest();
    this.#writing?.focus({ preventScroll: true });
  };

  #toNewest(): void {
    this.#reading.release();
    this.renderRoot.querySelector('.scroller')?.scrollTo({ top: 0 });
  }

  #fail(code: string, message: string, said = this.#speaking.language.strings.error): void {
    this.#problem = said;
    this.#announcer.say(said);
    this.#tell('shout-error', { code, message });
  }

  /** @returns false where a listener prevented it */
  #tell<T extends keyof ShoutBoxEvents>(type: T, detail: ShoutBoxEvents[T]['detail'], cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
  }
}

function isPosted({ type }: SequencedEvent): boolean {
  return type === 'MessagePosted';
}
