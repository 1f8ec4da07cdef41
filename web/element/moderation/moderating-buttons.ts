import { html, type nothing, type TemplateResult } from 'lit/html.js';
import type { Row } from '../rows/row.ts';
import type { Extras } from '../rows/view.ts';
import type { Language } from '../text/language.ts';
import { icon } from '../views/icons.ts';

export const shield = icon('M10 3l5.5 2v4.5c0 3.5-2.5 6-5.5 7.5-3-1.5-5.5-4-5.5-7.5V5z');

/** The buttons of a message, for a moderator: those that everyone has, and one that opens the moderators' dialog. */
export class ModeratingButtons<Own extends Extras & { confirming: unknown }> {
  readonly #own: Own;
  readonly #label: string;
  readonly #moderate: (row: Row) => void;

  constructor(own: Own, label: string, moderate: (row: Row) => void) {
    this.#label = label;
    this.#own = own;
    this.#moderate = moderate;
  }

  get confirming(): Own['confirming'] {
    return this.#own.confirming;
  }

  delivery(row: Row, language: Language): TemplateResult {
    return this.#own.delivery(row, language);
  }

  actions(row: Row, language: Language): TemplateResult | typeof nothing {
    const own = this.#own.actions(row, language);
    if (row.delivery || row.deleted) return own;
    return html`<div class="moderating">${own}<button type="button" tabindex=${row.active ? 0 : -1} aria-label=${this.#label} title=${this.#label}
      aria-haspopup="dialog" @click=${() => this.#moderate(row)}>${shield}</button></div>`;
  }
}
