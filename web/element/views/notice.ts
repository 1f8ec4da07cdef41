import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Strings } from '../../locales/strings.ts';
import type { Snapshot } from '../client.ts';

/** Renders the notice of a feed without messages: why it is empty, or that messages are loading. */
export function notice(
  { connection, hasOlder, loadingOlder }: Snapshot,
  strings: Strings,
): TemplateResult | typeof nothing {
  const why =
    connection === 'signed-out' ? strings.membersOnly : connection === 'forbidden' ? strings.forbidden : undefined;
  if (why) return html`<div class="empty">${picture(why, '')}</div>`;
  if (connection !== 'live' || loadingOlder) return skeleton(strings);
  // Does not call the feed empty while there may be older messages, which a button loads.
  if (hasOlder) return nothing;
  return html`<div class="empty"><slot name="empty">${picture(strings.empty, strings.emptyHint)}</slot></div>`;
}

/** Renders placeholder rows while messages are loading. */
function skeleton(strings: Strings): TemplateResult {
  return html`<div class="skeleton" role="img" aria-label=${strings.loading}>${Array(6).fill(html`<div class="line"><i class="avatar"></i><div class="said"><i></i><i></i></div></div>`)}</div>`;
}

/** Renders a horn with a title and a hint. Shown if there are no messages yet, or if the person may not read them. */
function picture(title: string, hint: string): TemplateResult {
  return html`<svg viewBox="0 0 98 72" width="98" height="72" aria-hidden="true">
      <path class="wave" d="M69 22q8 13 0 27M78 15q13 20 0 41M87 8q18 28 0 55" />
      <path class="horn" d="M14 28h13L58 11v50L27 44H14q-6 0-6-6v-4q0-6 6-6z" />
      <path class="grip" d="M21 45h11l5 17h-9q-3 0-4-3z" />
    </svg>
    <p><strong>${title}</strong></p>
    <p>${hint}</p>`;
}
