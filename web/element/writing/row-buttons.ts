import type { ReactiveControllerHost } from 'lit';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Room } from '../behaviour/room.ts';
import type { Row } from '../rows/row.ts';
import type { Extras } from '../rows/view.ts';
import type { Language } from '../text/language.ts';
import { ACTIONS, hasFailed } from './actions.ts';
import { icons } from './icons.ts';

/** Within this time after a click, another click is the second one of a double-click or a double tap, in milliseconds. */
const DOUBLE_CLICK_MS = 500;

/** Keeps Enter, while it is held, from clicking again and again. */
const stopRepeat = (event: KeyboardEvent) => event.repeat && event.key === 'Enter' && event.preventDefault();

/** Holds the buttons of the rows. If the person is a moderator, `Moderation` replaces these buttons with its own. */
export interface ButtonsOfRows {
  rows: Pick<RowButtons, keyof Extras | 'confirming'>;
}

/** The delivery status of the user's own messages, and the buttons for actions on messages. */
export class RowButtons implements Extras {
  /** The action that waits for a second click, and the `timeStamp` of the first. */
  confirming: { key: string; action: string; at: number } | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #room: Room;
  readonly #openDialog: (row: Row, language: Language) => void;

  /** @param ask opens a dialog about a message */
  constructor(host: ReactiveControllerHost, room: Room, ask: (row: Row, language: Language) => void) {
    this.#host = host;
    this.#room = room;
    this.#openDialog = ask;
  }

  /** Renders the actions of a message in the log, as icons in its corner. */
  actions(row: Row, language: Language): TemplateResult | typeof nothing {
    const buttons = row.delivery ? [] : this.#buttons(row, language);
    return buttons.length > 0 ? html`<div class="actions">${buttons}</div>` : nothing;
  }

  /** Renders a message's delivery status, with buttons to retry or discard it if it failed. */
  delivery(row: Row, language: Language): TemplateResult {
    const { strings } = language;
    const state = row.delivery!;
    return html`<p class="delivery" title=${row.error?.message ?? nothing}>${state === 'sent' ? icons.check : nothing}${
      hasFailed(row) ? html`<strong>${strings.failed}</strong>` : strings[state]
    }${this.#buttons(row, language)}</p>`;
  }

  /** Renders the buttons of a row. They are in the tab order if the row is active or its message has failed. */
  #buttons(row: Row, language: Language): TemplateResult[] {
    const { strings } = language;
    const failed = hasFailed(row);
    const possible = Object.entries(ACTIONS).filter(([, { may }]) => may(row));
    return possible.map(([id, { icon, words, confirm, run }]) => {
      const confirming = confirm && row.confirming === id;
      const said = strings[confirming ? confirm : words];
      const spelled = confirming || failed;
      const click = ({ detail, timeStamp, currentTarget }: MouseEvent) => {
        // The second click of a double-click is no answer to the question that the first click asks. `detail` counts a
        // mouse's clicks, but is always 1 for a finger's taps, so the time decides there. A key's `detail` is 0.
        const isSoon = detail > 0 && timeStamp - (this.confirming?.at ?? 0) < DOUBLE_CLICK_MS;
        if (confirming && (detail > 1 || isSoon)) return;
        const asks = confirm && !confirming;
        this.#ask(asks ? { key: row.key, action: id, at: timeStamp } : undefined);
        if (asks) return;
        if (run) {
          // `run` makes the button disappear. Firefox and Safari fire no `focusout` for a focused element that is
          // removed, so the focus moves away first.
          const button = currentTarget as HTMLElement;
          if (row.delivery) button.blur();
          else button.closest<HTMLElement>('[data-key]')!.focus();
          run(this.#room.client!, row);
        } else this.#openDialog(row, language);
      };
      return html`<button type="button" class=${confirming ? 'confirming' : failed ? 'chip' : nothing} tabindex=${row.active || failed ? 0 : -1}
        @click=${click} @keydown=${stopRepeat} @focusout=${() => this.#ask(undefined)}
        aria-label=${spelled ? nothing : said} title=${spelled ? nothing : said}>${confirming ? nothing : icon}${spelled ? said : nothing}</button>`;
    });
  }

  #ask(confirming: RowButtons['confirming']): void {
    this.confirming = confirming;
    this.#host.requestUpdate();
  }
}
