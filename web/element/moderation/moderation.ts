import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Reports } from '../../../src/domain/schema.generated.ts';
import type { ModerationWords } from '../../locales/moderation/words.ts';
import type { RuleWords } from '../../locales/rules/words.ts';
import type { Room } from '../behaviour/room.ts';
import type { Row } from '../rows/row.ts';
import type { ButtonsOfRows } from '../writing/row-buttons.ts';
import { loadWords } from './load-words.ts';
import { moderateMessage, type Shared } from './moderate-message.ts';
import { ModeratingButtons, shield } from './moderating-buttons.ts';
import { panel } from './panel.ts';
import { moderationStyles } from './styles.ts';

/** Time between two requests for the reports, ms. The box asks for them, because the server does not push reports. */
const ASK_MS = 10_000;

interface Host extends ReactiveControllerHost {
  readonly renderRoot: DocumentFragment | HTMLElement;
}

/** The actions of moderators on messages and on the room. Only moderators load this file. */
export class Moderation implements ReactiveController {
  readonly #host: Host;
  readonly #room: Room;
  readonly #writing: ButtonsOfRows;
  readonly #shared: Shared;
  /** The buttons that everyone has at a message. */
  readonly #own: ButtonsOfRows['rows'];
  #buttons: ButtonsOfRows['rows'] | undefined;
  #moderators: ModerationWords | undefined;
  #words: (RuleWords & ModerationWords) | undefined;
  #locale: string | undefined;
  #page: Reports | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: Host, room: Room, writing: ButtonsOfRows, shared: Shared) {
    this.#host = host;
    this.#room = room;
    this.#writing = writing;
    this.#shared = shared;
    this.#own = writing.rows;
    (host.renderRoot as ShadowRoot).adoptedStyleSheets.push(moderationStyles.styleSheet!);
    host.addController(this);
  }

  hostConnected(): void {
    void this.#ask();
    this.#timer = setInterval(() => void this.#ask(), ASK_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  /**
   * Renders the button that opens the panel, with the number of reported messages. Undefined if the person is no
   * moderator, or the texts are not loaded yet. Also gives the rows the buttons for the person's role.
   */
  render(words: RuleWords, locale: string): TemplateResult | undefined {
    if (this.#locale !== locale) void this.#load(locale);
    if (this.#moderators) this.#words = { ...words, ...this.#moderators };
    const { role } = this.#room.snapshot;
    const rows = (role && this.#buttons) || this.#own;
    if (rows !== this.#writing.rows) {
      this.#writing.rows = rows;
      this.#host.requestUpdate();
    }
    if (!role || !this.#words) return undefined;
    this.#shared.dialog.update();
    const count = this.#page?.reports.length;
    return html`<button type="button" class="chip panel" aria-haspopup="dialog" @click=${this.#open}>${shield}${this.#words.panel}${
      count ? html` <strong>${count}</strong>` : ''
    }</button>`;
  }

  async #load(locale: string): Promise<void> {
    this.#locale = locale;
    const own = await loadWords(locale).catch(() => undefined);
    if (this.#locale !== locale) return;
    if (!own) {
      this.#locale = undefined;
      return;
    }
    this.#moderators = own;
    this.#buttons = new ModeratingButtons(this.#own, own.title, this.#moderate);
    this.#host.requestUpdate();
  }

  readonly #open = (): void => {
    void this.#ask();
    const { dialog } = this.#shared;
    dialog.open(() => ({
      title: this.#words!.panel,
      body: panel({
        words: this.#words!,
        locale: this.#locale!,
        page: this.#page,
        client: this.#room.client!,
        dialog,
        open: ({ id, actor, text }) =>
          this.#moderate({ key: id, actor, own: false, ...(text !== undefined && { text }) }),
      }),
    }));
  };

  readonly #moderate = (row: Pick<Row, 'key' | 'actor' | 'text' | 'own'>): void =>
    moderateMessage(row, this.#words!, this.#room.client!, this.#shared);

  async #ask(): Promise<void> {
    const { client, snapshot } = this.#room;
    if (document.hidden || !snapshot.role) return;
    const page = await client?.get('reports').catch(() => undefined);
    if (!Array.isArray((page as Reports | undefined)?.reports)) return;
    this.#page = page as Reports;
    this.#host.requestUpdate();
  }
}
