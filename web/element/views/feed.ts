import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FeedInput } from '../behaviour/feed-input.ts';
import { type Language, plural } from '../text/language.ts';
import { icons } from './icons.ts';
import { messageView, type Row } from './message.ts';

interface Feed {
  language: Language;
  now: number;
  rows: readonly Row[];
  /** Rows of the feed above the first of `rows`. */
  offset: number;
  total: number;
  busy: boolean;
  hasOlder: boolean;
  /** New messages that wait for the reader. */
  waiting: number;
  /** Shown where there are no rows. */
  notice: TemplateResult;
  older: () => void;
  release: () => void;
  input: FeedInput;
}

export function feed(state: Feed): TemplateResult {
  const { language, rows, offset, input } = state;
  const { strings } = language;
  const active = rows.some(({ key }) => key === input.active) ? input.active : rows[0]?.key;
  return html`<div class="viewport" @pointerenter=${input.pointer} @pointerleave=${input.pointer}>
    ${
      state.waiting > 0
        ? html`<button type="button" class="pill" part="pill" @click=${state.release}>
            ${icons.up}${plural(language, strings.newMessages, state.waiting)}</button>`
        : nothing
    }
    <div class="scroller" @scroll=${input.scroll}>
      ${rows.length === 0 ? state.notice : nothing}
      <div role=${rows.length > 0 ? 'feed' : nothing} part="feed" class="feed" aria-label=${rows.length > 0 ? strings.feed : nothing} aria-busy=${state.busy}
        @click=${input.click} @keydown=${input.keydown} @focusin=${input.focus} @focusout=${input.focus}
        >${repeat(
          rows,
          ({ key }) => key,
          (row, index) =>
            messageView(
              row,
              { position: offset + index + 1, total: state.total, active: row.key === active },
              language,
              state.now,
            ),
        )}</div>
      ${
        state.hasOlder && rows.length > 0
          ? html`<button type="button" class="older" part="older" aria-disabled=${state.busy} @click=${state.older}>
              ${state.busy ? strings.loading : strings.older}</button>`
          : nothing
      }
    </div>
  </div>`;
}
