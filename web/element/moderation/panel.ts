import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ReportedMessage, Reports } from '../../../src/domain/schema.generated.ts';
import type { ModerationWords } from '../../locales/moderation/words.ts';
import type { RuleWords } from '../../locales/rules/words.ts';
import type { Client } from '../client.ts';
import type { Dialog } from '../rules/dialog.ts';
import { absoluteTime } from '../text/time.ts';

interface Panel {
  words: RuleWords & ModerationWords;
  locale: string;
  /** Undefined until the reports are loaded. */
  page: Reports | undefined;
  client: Client;
  dialog: Dialog;
  open: (message: ReportedMessage['message']) => void;
}

/** Choices for slow mode: seconds between two messages of one person; 0 for off. */
const SLOW = [0, 5, 10, 30, 60, 300];

/** Sets a control to the rule in force some seconds after a change, because the change may have been refused. */
const settle = (set: () => void) => setTimeout(set, 3_000);

/** Renders the reports, bans and rules of a room. */
export function panel({ words, locale, page, client, dialog, open }: Panel): TemplateResult {
  const rules = client.snapshot.feed.rules;
  const slow = rules?.slow ?? 0;
  const changeSlow = ({ target }: Event) => {
    const select = target as HTMLSelectElement;
    client.send({ action: 'changeRoom', slow: Number(select.value) });
    settle(() => {
      select.value = `${client.snapshot.feed.rules?.slow ?? 0}`;
    });
  };
  const lock = ({ target }: Event) => {
    const box = target as HTMLInputElement;
    client.send({ action: 'changeRoom', locked: box.checked });
    settle(() => {
      box.checked = client.snapshot.feed.rules?.locked === true;
    });
  };
  const seconds = SLOW.includes(slow) ? SLOW : [...SLOW, slow];
  return html`<h4>${words.reports}</h4>
    ${page?.reports.length === 0 ? html`<p>${words.noReports}</p>` : nothing}
    ${page?.reports.map(
      ({
        message,
        reports,
      }) => html`<blockquote dir="auto"><bdi class="author">${message.actor.name}</bdi> ${message.text}</blockquote>
        <div class="buttons"><span>${reports.length} × ${reasonsOf(reports, words)}</span
          ><button type="button" class="chip" @click=${() => open(message)}>${words.title}</button></div>`,
    )}
    <h4>${words.bans}</h4>
    ${page?.bans.length === 0 ? html`<p>${words.noBans}</p>` : nothing}
    ${page?.bans.map(
      ({ person, name, until, byOperator }) =>
        html`<div class="buttons"><span><bdi class="author">${name ?? person}</bdi> ${
          until ? absoluteTime(until, locale) : words.forGood
        }</span>${
          byOperator
            ? nothing
            : html`<button type="button" class="chip" @click=${() => client.send({ action: 'unbanPerson', person })}>${words.unban}</button>`
        }</div>`,
    )}
    <h4>${words.rules}</h4>
    <label>${words.slow} <select @change=${changeSlow}>${seconds.map(
      (n) =>
        html`<option value=${n} .selected=${n === slow}>${n ? words.seconds.replace('{n}', `${n}`) : words.off}</option>`,
    )}</select></label>
    <label>${words.lock} <input type="checkbox" .checked=${rules?.locked === true} @change=${lock} /></label>
    <div class="buttons">${
      rules?.pinned
        ? html`<button type="button" class="chip" @click=${() => client.send({ action: 'changeRoom', pinned: null })}>${words.unpin}</button>`
        : nothing
    }<button type="button" class="chip" @click=${dialog.close}>${words.close}</button></div>`;
}

function reasonsOf(reports: ReportedMessage['reports'], words: RuleWords & ModerationWords): string {
  return [...new Set(reports.map(({ reason = 'other' }) => words.reasons[reason]))].join(', ');
}
