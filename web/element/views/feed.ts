import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FeedInput } from '../behaviour/feed-input.ts';
import { type Language, plural } from '../text/language.ts';
import { icons } from './icons.ts';

interface Feed {
  language: Language;
  isEmpty: boolean;
  busy: boolean;
  hasOlder: boolean;
  /** Number of new messages that are not shown until `release`. */
  waiting: number;
  /** Shown if there are no rows. */
  notice: TemplateResult | typeof nothing;
  older: () => void;
  release: () => void;
  input: FeedInput;
}

/** Renders the feed except its rows, which {@link Articles} puts into `.feed`. */
export function feed(state: Feed): TemplateResult {
  const { language, isEmpty, input } = state;
  const { strings } = language;
  return html`<div class="viewport" @pointerenter=${input.pointer} @pointerleave=${input.pointer}>
    ${
      state.waiting > 0
        ? html`<button type="button" class="pill" part="pill" @click=${state.release}>
            ${icons.up}${plural(language, strings.newMessages, state.waiting)}</button>`
        : nothing
    }
    <div class="scroller" tabindex="-1" @scroll=${input.scroll}>
      ${isEmpty ? state.notice : nothing}
      <div role=${isEmpty ? nothing : 'feed'} part="feed" class="feed" aria-label=${isEmpty ? nothing : strings.feed} aria-busy=${state.busy}
        @click=${input.click} @keydown=${input.keydown} @focusin=${input.focus} @focusout=${input.focus}></div>
      ${
        state.hasOlder && !(isEmpty && state.busy)
          ? html`<button type="button" class="older" part="older" aria-disabled=${state.busy} @click=${state.older}>
              ${state.busy ? strings.loading : strings.older}</button>`
          : nothing
      }
    </div>
  </div>`;
}
