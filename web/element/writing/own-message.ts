import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Outgoing } from '../client.ts';
import type { Language } from '../text/language.ts';
import type { Row } from '../views/message.ts';
import { icons } from './icons.ts';

/** How far a message has come. */
export function delivery({ state, error }: Outgoing, { strings }: Language): TemplateResult {
  if (state !== 'failed') {
    return html`<p class="delivery">${state === 'sent' ? icons.check : nothing}${strings[state]}</p>`;
  }
  return html`<p class="delivery" title=${error?.message ?? nothing}>
    <strong>${strings.failed}</strong>
    <button type="button" data-do="retry">${icons.retry}${strings.retry}</button>
    <button type="button" data-do="discard">${icons.close}${strings.discard}</button>
  </p>`;
}

/** Asks once before it deletes. */
export function deletion({ confirming }: Row, { strings }: Language): TemplateResult {
  return html`<button
    type="button"
    class="delete ${confirming ? 'confirming' : ''}"
    data-do=${confirming ? 'delete' : 'confirm'}
    aria-label=${confirming ? nothing : strings.delete}
    title=${confirming ? nothing : strings.delete}
  >${confirming ? strings.confirmDelete : icons.trash}</button>`;
}
