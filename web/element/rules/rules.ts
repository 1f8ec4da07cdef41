import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { Part } from '../../client/part.ts';
import type { RuleWords } from '../../locales/rules/words.ts';
import type { Room } from '../behaviour/room.ts';
import type { Failure, Snapshot } from '../client.ts';
import type { Moderation } from '../moderation/moderation.ts';
import type { Row } from '../rows/row.ts';
import type { Language } from '../text/language.ts';
import { absoluteTime } from '../text/time.ts';
import type { ButtonsOfRows } from '../writing/row-buttons.ts';
import { Dialog } from './dialog.ts';
import { loadWords } from './load-words.ts';
import { Pinned } from './pinned.ts';
import { quote, reasons, report } from './report.ts';
import { rulesStyles } from './styles.ts';

const moderationPart = new Part(() => import('../moderation/moderation.ts'));

interface Host extends ReactiveControllerHost {
  readonly renderRoot: DocumentFragment | HTMLElement;
  readonly readonly: boolean;
}

/**
 * Shows why a person can't write, the pinned message, and the dialog to report a message. `Writing` loads this code
 * only when it is needed, for example if the room has rules.
 */
export class Rules {
  /**
   * Time from which slow mode and the rate limit let the person write, ms since 1970. A past time or 0 means now.
   * Undefined before the first `render`.
   */
  waitUntil: number | undefined;
  readonly #host: Host;
  readonly #room: Room;
  readonly #writing: ButtonsOfRows;
  readonly #dialog: Dialog;
  readonly #pinned: Pinned;
  #words: RuleWords | undefined;
  #wordsFor: string | undefined;
  /** The epoch and the person that `#lastPosted` is for. */
  #who: string | undefined;
  #lastPosted = 0;
  #postedBefore = 0;
  #moderation: Moderation | undefined;

  constructor(host: Host, room: Room, writing: ButtonsOfRows) {
    this.#writing = writing;
    this.#host = host;
    this.#room = room;
    this.#dialog = new Dialog(host.renderRoot as ShadowRoot);
    this.#pinned = new Pinned(room, () => host.requestUpdate());
    (host.renderRoot as ShadowRoot).adoptedStyleSheets.push(rulesStyles.styleSheet!);
    host.requestUpdate();
  }

  /**
   * Renders why the person can't write, the pinned message and, for moderators, the button that opens their panel. A
   * `readonly` box shows only the pinned message.
   */
  render(language: Language, snapshot: Snapshot): TemplateResult | typeof nothing {
    this.#count(snapshot);
    void this.#load(language);
    const words = this.#words;
    const { readonly } = this.#host;
    if (snapshot.role && !readonly && !this.#moderation) void this.#moderate();
    if (!words) return nothing;
    const pinned = this.#pinned.render(snapshot, words.pinned);
    if (readonly) return html`<div class="alone">${pinned}</div>`;
    return html`<p class="note over" role="status">${whyNot(snapshot, words, language) ?? nothing}</p>
      ${pinned}${this.#moderation?.render(words, language.locale)}`;
  }

  /** Opens the dialog to report a message. */
  async open(row: Row, language: Language): Promise<void> {
    await this.#load(language);
    if (this.#words) report(row, language.strings.report, this.#words, this.#dialog, this.#room);
  }

  #count({ outgoing, feed: { rules }, position, person, role, rateLimitedUntil = 0 }: Snapshot): void {
    const who = `${position.epoch} ${person}`;
    if (who !== this.#who) this.#lastPosted = this.#postedBefore = 0;
    this.#who = who;
    for (const { at, state } of outgoing) {
      if (state === 'failed' || at <= this.#lastPosted) continue;
      this.#postedBefore = this.#lastPosted;
      this.#lastPosted = at;
    }
    // A message that was refused takes no turn.
    if (outgoing.some(({ at, state }) => state === 'failed' && at === this.#lastPosted)) {
      this.#lastPosted = this.#postedBefore;
    }
    const slowUntil = role || !rules?.slow ? 0 : this.#lastPosted + rules.slow * 1_000;
    this.waitUntil = Math.max(slowUntil, rateLimitedUntil);
  }

  /** Fetches the moderation part. */
  async #moderate(): Promise<void> {
    const part = await moderationPart.load().catch(() => undefined);
    if (!part || this.#moderation) return;
    const shared = { dialog: this.#dialog, quote, reasons };
    this.#moderation = new part.Moderation(this.#host, this.#room, this.#writing, shared);
    this.#host.requestUpdate();
  }

  async #load({ locale }: Language): Promise<void> {
    if (this.#wordsFor === locale && this.#words) return;
    this.#wordsFor = locale;
    const words = await loadWords(locale).catch(() => undefined);
    if (this.#wordsFor !== locale || !words || words === this.#words) return;
    this.#words = words;
    this.#host.requestUpdate();
  }
}

/**
 * Returns a sentence that says why the person can't write; undefined if no reason is known. First looks at the person's
 * newest message that a rule refused. If `sentence` has no words for that rule, looks whether the room is locked.
 */
function whyNot({ outgoing, feed, role }: Snapshot, words: RuleWords, { locale }: Language): string | undefined {
  const refused = outgoing.findLast(({ error }) => error?.rule)?.error;
  const said = refused && sentence(refused, words, locale);
  return said ?? (feed.rules?.locked && !role ? words.locked : undefined);
}

function sentence({ rule, until }: Failure, words: RuleWords, locale: string): string | undefined {
  // For slow mode, the composer shows a countdown. A lock may have ended since the refusal, so `whyNot` reads
  // `feed.rules` instead.
  if (rule === undefined || rule === 'slow' || rule === 'locked') return undefined;
  if (rule !== 'banned' || until === undefined) return words[rule];
  return until > Date.now() ? words.bannedUntil.replace('{time}', absoluteTime(until, locale)) : undefined;
}
