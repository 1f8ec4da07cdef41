import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Actor, Message } from '../../src/domain/schema.generated.ts';
import { ShoutClient } from '../client/shout-client.ts';
import { Attributes } from './attributes.ts';
import { Anchor } from './behaviour/anchor.ts';
import { Announcer } from './behaviour/announcer.ts';
import { Arrivals } from './behaviour/arrivals.ts';
import { Clock } from './behaviour/clock.ts';
import { FeedInput } from './behaviour/feed-input.ts';
import { InSight } from './behaviour/in-sight.ts';
import { LanguageController } from './behaviour/language-controller.ts';
import { LastVisit } from './behaviour/last-visit.ts';
import { Lookalikes } from './behaviour/lookalikes.ts';
import { showInTitle } from './behaviour/page-title.ts';
import { storageFor } from './behaviour/remembering.ts';
import { Reporter } from './behaviour/reporter.ts';
import { Room } from './behaviour/room.ts';
import { SelfCheck } from './behaviour/self-check.ts';
import { SigningIn } from './behaviour/signing-in.ts';
import { Unread } from './behaviour/unread.ts';
import { Viewport } from './behaviour/viewport.ts';
import { WritingPart } from './behaviour/writing-part.ts';
import type { Change, Client, ConnectionState, Snapshot } from './client.ts';
import { Articles } from './rows/articles.ts';
import { type Shown, shownRows } from './rows/shown.ts';
import type { SignInProblem } from './sign-in/sign-in.ts';
import { styles } from './styles/index.ts';
import { feed } from './views/feed.ts';
import { header } from './views/header.ts';
import { notice } from './views/notice.ts';

export type { ShoutBoxEvents } from './events.ts';

/**
 * A live shoutbox: people sign in, shout a short message, and everyone here sees it at once, newest on top.
 *
 * @tag shout-box
 *
 * @fires {CustomEvent<{ connectionState: ConnectionState, unread: number, room: string, user?: Actor }>} shout-state - The connection, the number of unread messages or the person changed.
 * @fires {CustomEvent<{ message: Message }>} shout-message - A message arrived while the box was open.
 * @fires {CustomEvent<{ text: string }>} shout-before-send - A message is about to be sent. Change `detail.text`, or stop it with `preventDefault()`.
 * @fires {CustomEvent<{ code: string, message: string }>} shout-error - Something was refused or failed; `message` is for developers.
 * @fires {CustomEvent<{ user?: Actor }>} shout-auth - Somebody signed in, or out.
 *
 * @slot header - Replaces the title.
 * @slot empty - Replaces the text of an empty feed.
 * @slot sign-in - Replaces the sign-in button; call `signIn()` in its click handler.
 * @slot footer - Below the feed.
 *
 * @csspart box - Everything.
 * @csspart header - The line at the top.
 * @csspart title - The box's name.
 * @csspart status - The state of the connection.
 * @csspart composer - Where messages are written.
 * @csspart send - The button that sends.
 * @csspart sign-in - The button that signs in.
 * @csspart pill - The button with the number of waiting messages.
 * @csspart feed - The messages.
 * @csspart message - One message.
 * @csspart own - One of the person's own messages.
 * @csspart day - The heading of a day.
 * @csspart seen - The heading above messages that were seen at the last visit.
 * @csspart author - A message's author.
 * @csspart time - A message's time.
 * @csspart text - A message's text.
 * @csspart older - The button for older messages.
 *
 * @cssprop [--shout-height=max(34em,544px)] - Height of the box; `height` on the element works as well.
 * @cssprop [--shout-accent=#ffb71b] - Buttons, own messages, links. Text on it becomes black or white, as is easier to read. Transparency is ignored.
 * @cssprop --shout-on-accent - Text on the accent, if it should have another colour.
 * @cssprop --shout-background - Background.
 * @cssprop --shout-field - Background of the text field.
 * @cssprop --shout-text - Text.
 * @cssprop --shout-muted - Times, states, hints.
 * @cssprop --shout-line - Hairlines.
 * @cssprop --shout-edge - Borders of controls; 3:1 against the background.
 * @cssprop --shout-danger - Errors.
 * @cssprop [--shout-radius=18px] - Corners.
 * @cssprop --shout-shadow - Shadow of the box.
 * @cssprop [--shout-font=system-ui] - Font family.
 * @cssprop [--shout-font-size=max(0.9375em,14px)] - Everything scales with it. It follows the text of the page.
 * @cssprop [--shout-avatar-size=2.4em] - Pictures of authors.
 * @cssprop [--shout-gap=0.8em] - Between picture and text.
 */
export class ShoutBox extends Attributes {
  static override readonly styles = styles;

  readonly #viewport = new Viewport(this);
  readonly #announcer = new Announcer(this);
  readonly #reporter = new Reporter(this, this.#announcer);
  readonly #language = new LanguageController(this);
  readonly #arrivals = new Arrivals(this, this.#viewport, this.#announcer, this.#reporter);
  readonly #inSight = new InSight(this);
  readonly #lastVisit = new LastVisit(this, () => {
    const { epoch } = this.#room.snapshot.position;
    return this.#arrivals.unread.readUpTo > 0 ? { epoch, seq: this.#arrivals.unread.readUpTo } : undefined;
  });
  readonly #selfCheck = new SelfCheck(this, this.#reporter.misconfigured);
  readonly #anchor = new Anchor();
  readonly #articles = new Articles();
  readonly #room = new Room(
    this,
    (change, before) => this.#changed(change, before),
    (shown) => this.#lastVisit.look(shown),
  );
  readonly #signingIn = new SigningIn(this, {
    changed: (...news) => this.#signedInOrOut(...news),
    misconfigured: this.#reporter.misconfigured,
  });
  readonly #writing = new WritingPart(this, this.#room, this.#reporter.unavailable);
  readonly #input = new FeedInput(this, this.#viewport);
  /** The rows that were rendered last. */
  #rendered!: Shown;

  constructor() {
    super();
    new Clock(this);
  }

  /** The loaded messages, newest first. */
  get messages(): readonly Message[] {
    return this.#room.client ? this.#room.snapshot.feed.messages : [];
  }

  /** Who is signed in. */
  get user(): Actor | undefined {
    return this.#signingIn.user;
  }

  /** `connecting`, `live`, `catching-up`, `offline`, `resting`, `signed-out`, `forbidden` or `closed`. */
  get connectionState(): ConnectionState {
    return this.#room.client ? this.#room.snapshot.connection : 'connecting';
  }

  /** Opens the sign-in window. Call it in a click or key handler: browsers block windows opened at other times. */
  async signIn(): Promise<void> {
    this.#reporter.problem = undefined;
    await this.#signingIn.start(this.#room.client!).then(() => this.#writing.part?.focus(), this.#signInFailed);
  }

  /** Ends the session here and at the issuer, and clears what was being written. */
  async signOut(): Promise<void> {
    this.#forget(this.#room.snapshot?.person);
    await this.#signingIn.end();
  }

  /**
   * Posts a message. Returns its `clientMessageId`; undefined if the text is empty, a listener prevented it, or the box
   * is in no page yet.
   */
  post(text: string): string | undefined {
    // Creates the client, so that a page can post before the first update.
    if (!this.#room.client) {
      if (!this.isConnected) return undefined;
      this.performUpdate();
    }
    this.#reporter.problem = undefined;
    void this.#writing.fetch();
    const detail = { text };
    const go = this.#reporter.tell('shout-before-send', detail, true);
    const trimmed = detail.text.trim();
    if (!go || !trimmed) return undefined;
    const clientMessageId = this.#room.client?.post(trimmed);
    this.#toNewest();
    return clientMessageId;
  }

  /** Shows older messages, and loads them if needed. */
  async loadOlder(): Promise<void> {
    const { client } = this.#room;
    if (!this.#viewport.grow() && client?.snapshot.hasOlder) {
      await client.loadOlder();
      this.#viewport.grow();
    }
    await this.updateComplete;
  }

  /** Creates the client. The gallery overrides it to show made-up data. */
  protected createClient(): Client {
    return new ShoutClient({
      server: this.server,
      room: this.room,
      pageSize: this.pageSize,
      storage: storageFor('device'),
      watched: () => !document.hidden || this.unreadTitle,
      person: () => this.#signingIn.person,
      getToken: (refused) => this.#signingIn.token(this.#room.client, refused),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    showInTitle(this, 0);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('server') || changed.has('room') || changed.has('pageSize')) this.#enter();
    if (!this.hasUpdated || changed.has('lang') || changed.has('strings')) this.#chooseLanguage();
    if (changed.has('readonly')) void this.#writing.fetch();
    if (this.hasUpdated && changed.has('getToken')) void this.#room.client?.refreshToken();
  }

  protected override update(changed: PropertyValues<this>): void {
    const find = (name: string) => this.renderRoot.querySelector(name);
    // Reads `windowed` before `#select` changes it. When `#select` adds the last rows that were missing at the top, it
    // sets `windowed` to false. But just these rows push the visible rows down, so the anchor must still hold them.
    this.#anchor.take(find('.scroller'), find('.feed'), this.#viewport.windowed);
    this.#rendered = this.#select();
    super.update(changed);
    this.#articles.show(find('.feed')!, this.#rendered, this.#language.language, this.#writing.part?.rows);
    this.#anchor.restore(find('.scroller'));
  }

  protected override updated(): void {
    const { connectionState, room, user } = this;
    const seen = this.#inSight.value ? this.#viewport.newestShown : undefined;
    const unread = this.#arrivals.unread.count(this.messages, user?.id, seen);
    showInTitle(this, this.unreadTitle ? unread : 0);
    this.#reporter.state({ connectionState, unread, room, user });
    this.#reporter.auth(user);
  }

  protected override render(): TemplateResult {
    const { language, pending } = this.#language;
    const { strings, direction, locale } = language;
    const { snapshot } = this.#room;
    const { rows, hasOlder, waiting } = this.#rendered;
    return html`<section class="box theme-${this.theme} ${pending ? 'wordless' : ''}" part="box" dir=${direction} lang=${locale}
      aria-label=${strings.title}>
      ${header({
        language,
        connection: snapshot.connection,
        people: snapshot.people,
        paused: this.#viewport.paused,
        account: this.getToken || this.readonly ? undefined : this.#writing.part?.account(this.user, strings),
        pause: () => this.#viewport.hold('paused', !this.#viewport.paused),
        retry: () => this.#room.client?.wake(),
      })}
      ${
        this.readonly || snapshot.connection === 'forbidden'
          ? this.#writing.part?.rules(language, snapshot)
          : html`<div part="composer" class="composer">${this.#writing.part?.render(language, snapshot, this.#reporter.problem)}</div>`
      }
      ${feed({
        language,
        isEmpty: rows.length === 0,
        busy: snapshot.loadingOlder,
        hasOlder,
        waiting,
        notice: notice(snapshot, language.strings),
        older: () => void this.loadOlder(),
        release: () => {
          this.#toNewest();
          this.#writing.part?.focus({ preventScroll: true });
        },
        input: this.#input,
      })}
      <div class=${this.querySelector(':scope > [slot="footer"]') ? 'foot' : nothing}>
        <slot name="footer" @slotchange=${() => this.requestUpdate()}></slot>
      </div>
      <p class="announcer" role="status" aria-live="polite">${this.#announcer.text}</p>
    </section>`;
  }

  /** Returns the rows to render: at most `MAX_ROWS` messages of the feed, and the messages in `outgoing`. */
  #select(): Shown {
    const { snapshot } = this.#room;
    const { active, expanded } = this.#input;
    const { lookalikes, unread } = this.#arrivals;
    return shownRows(snapshot, this.#viewport, lookalikes, {
      user: this.user,
      now: Date.now(),
      locale: this.#language.language.locale,
      mayWrite: !this.readonly && snapshot.signedIn,
      active,
      confirming: this.#writing.part?.rows.confirming,
      expanded,
      seenUpTo: this.#lastVisit.seenUpTo(snapshot.feed.messages, snapshot.position.epoch, this.user?.id),
      tagOf: (id) => lookalikes.tagOf(id),
      since: unread.since ?? Number.POSITIVE_INFINITY,
    });
  }

  #enter(): void {
    this.#lastVisit.enter();
    this.#reset();
    this.#selfCheck.reset();
    this.#arrivals.lookalikes = new Lookalikes();
    this.#room.enter(this.createClient());
    void this.#writing.fetch();
    this.#signingIn.resume(this.#room.client!).catch(this.#signInFailed);
  }

  #chooseLanguage(): void {
    void this.#language.choose(this.lang, this.strings, this.#reporter.unavailable);
  }

  #reset(): void {
    this.#viewport.reset();
    this.#arrivals.unread = new Unread();
  }

  #signedInOrOut(problem?: SignInProblem, left?: string): void {
    if (left) this.#forget(left);
    this.#reporter.problem = undefined;
    if (problem) this.#signInFailed(problem);
    void this.#room.client?.refreshToken();
    this.requestUpdate();
  }

  /** Drops the drafts, unsent messages and unanswered commands of `person`, and those of guests. */
  #forget(person: string | undefined): void {
    this.#writing.part?.forget(person);
    this.#room.client?.clear(person);
  }

  #changed(change: Change, before: Snapshot): void {
    const { snapshot, reset, refused } = change;
    const { language, failed } = this.#language;
    if (reset) this.#reset();
    void this.#selfCheck.look(snapshot).catch(this.#reporter.unavailable);
    const live = snapshot.connection === 'live' && before.connection !== 'live';
    // Fetches the writing part if it is still missing. Its retries may have ended while there was no connection. In a
    // `readonly` box, it is fetched only if a message is pinned, so a change of the rules can make it needed.
    if (live || snapshot.feed.rules !== before.feed.rules) void this.#writing.fetch();
    if (live && failed) this.#chooseLanguage();
    this.#arrivals.look(change, before, language);
    if (refused) this.#reporter.fail(refused.error.code, refused.error.message, language.strings.error);
    if (snapshot.tokenRefused && !before.tokenRefused) this.#signingIn.refused(snapshot.config);
    this.#announcer.connection(snapshot.connection, this.announce, language);
  }

  #toNewest(): void {
    this.#viewport.release();
    this.renderRoot.querySelector('.scroller')?.scrollTo({ top: 0 });
  }

  readonly #signInFailed = (error: Error | SignInProblem): void => {
    const { strings } = this.#language.language;
    this.#reporter.fail('unauthenticated', error.message, strings['said' in error ? error.said : 'error']);
    if ('render' in error) this.#reporter.problem = error.render?.(strings);
  };
}
