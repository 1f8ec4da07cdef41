import { html, nothing } from 'lit/html.js';
import { authorOf } from '../../../src/domain/feed/event-id.ts';
import type { Reason } from '../../../src/domain/schema.generated.ts';
import type { ModerationWords } from '../../locales/moderation/words.ts';
import type { RuleWords } from '../../locales/rules/words.ts';
import type { Client } from '../client.ts';
import type { Row } from '../rows/row.ts';
import type { Dialog } from '../rules/dialog.ts';
import type { quote, reasons } from '../rules/report.ts';

export interface Shared {
  dialog: Dialog;
  quote: typeof quote;
  reasons: typeof reasons;
}

/** Durations of bans, in seconds; 0 for a ban without an end. */
const BANS = { tenMinutes: 600, aDay: 86_400, forGood: 0 } as const;

/**
 * Opens the dialog with everything that a moderator can do about a message. Sends no command before the moderator
 * presses the button that applies the choice.
 */
export function moderateMessage(
  row: Pick<Row, 'key' | 'actor' | 'text' | 'own'>,
  words: RuleWords & ModerationWords,
  client: Client,
  { dialog, quote, reasons }: Shared,
): void {
  let reason: Reason | undefined;
  let ban: keyof typeof BANS | undefined;
  const chosen = { remove: false, hide: false, pin: false };
  const check = (what: keyof typeof chosen) => (event: Event) => {
    chosen[what] = (event.target as HTMLInputElement).checked;
    dialog.update();
  };
  const box = (what: keyof typeof chosen, said: string) =>
    html`<label>${said} <input type="checkbox" .checked=${chosen[what]} @change=${check(what)} /></label>`;
  const choose = (value: Reason | undefined) => {
    reason = value;
    dialog.update();
  };
  const chooseBan = (event: Event) => {
    ban = ((event.target as HTMLSelectElement).value || undefined) as typeof ban;
    dialog.update();
  };
  const isChosen = () => chosen.remove || chosen.pin || ban !== undefined;
  const apply = () => {
    if (!isChosen()) return;
    const why = reason && { reason };
    if (chosen.pin) client.send({ action: 'changeRoom', pinned: row.key });
    if (chosen.remove) client.send({ action: 'deleteMessage', target: row.key, ...why });
    if (ban) {
      const seconds = BANS[ban];
      client.send({
        ...{ action: 'banPerson', person: authorOf(row.key), ...why },
        ...(seconds && { seconds }),
        ...(chosen.hide && { hide: true }),
      });
    }
    dialog.close();
  };
  const options = Object.keys(BANS) as (keyof typeof BANS)[];
  dialog.open(
    () => ({
      title: words.title,
      body: html`${quote(row)}${box('remove', words.remove)}${
        row.own || row.actor.role
          ? nothing
          : html`<label>${words.ban} <select @change=${chooseBan}><option value="">${words.noBan}</option>${options.map(
              (option) => html`<option value=${option}>${words[option]}</option>`,
            )}</select></label>${ban ? box('hide', words.hide) : nothing}`
      }${chosen.remove || ban ? reasons(words, reason, choose) : nothing}${box('pin', words.pin)}
      <div class="buttons"><button type="button" class="chip" @click=${dialog.close}>${words.cancel}</button
        ><button type="button" class="chip main" aria-disabled=${!isChosen()} @click=${apply}>${words.apply}</button></div>`,
    }),
    row.key,
  );
}
