import { html, type TemplateResult } from 'lit/html.js';
import type { Reason } from '../../../src/domain/schema.generated.ts';
import type { RuleWords } from '../../locales/rules/words.ts';
import type { Room } from '../behaviour/room.ts';
import type { Row } from '../rows/row.ts';
import type { Dialog } from './dialog.ts';

/** Opens the dialog that reports a message to the moderators. Sends nothing before the person has chosen a reason. */
export function report(row: Row, title: string, words: RuleWords, dialog: Dialog, room: Room): void {
  let reason: Reason | undefined;
  let sent = false;
  const choose = (chosen: Reason | undefined) => {
    reason = chosen;
    dialog.update();
  };
  const send = () => {
    if (!reason) return;
    room.client?.send({ action: 'reportMessage', target: row.key, reason });
    sent = true;
    dialog.update();
  };
  const ask = () => html`${quote(row)}${reasons(words, reason, choose)}
    <div class="buttons"><button type="button" class="chip" @click=${dialog.close}>${words.cancel}</button
      ><button type="button" class="chip main" aria-disabled=${!reason} @click=${send}>${title}</button></div>`;
  const thank = () => html`<p role="status">${words.reported}</p>
    <div class="buttons"><button type="button" class="chip" autofocus @click=${dialog.close}>${words.close}</button></div>`;
  dialog.open(() => ({ title, body: sent ? thank() : ask() }), row.key);
}

/** Renders the message that a dialog is about. */
export function quote({ actor, text = '' }: Pick<Row, 'actor' | 'text'>): TemplateResult {
  return html`<blockquote dir="auto"><bdi class="author">${actor.name}</bdi> ${text}</blockquote>`;
}

/** Renders a list of reasons to choose from. At first no reason is chosen. */
export function reasons(
  words: RuleWords,
  chosen: Reason | undefined,
  choose: (reason: Reason | undefined) => void,
): TemplateResult {
  const change = ({ target }: Event) =>
    choose(((target as HTMLSelectElement).value || undefined) as Reason | undefined);
  return html`<label>${words.reason} <select @change=${change}
      ><option value="" ?selected=${!chosen}></option>${Object.entries(words.reasons).map(
        ([reason, said]) => html`<option value=${reason} ?selected=${chosen === reason}>${said}</option>`,
      )}</select></label>`;
}
