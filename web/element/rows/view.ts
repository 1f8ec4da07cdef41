import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isJumbo } from '../text/graphemes.ts';
import type { Language } from '../text/language.ts';
import { linkify } from '../text/linkify.ts';
import { absoluteTime } from '../text/time.ts';
import { avatar } from '../views/avatar.ts';
import type { Row } from './row.ts';

/** What only those who write need to see, from a part that is fetched later; see `web/element/writing`. */
export interface Extras {
  /** Below the text: how far a message has come. */
  delivery(row: Row, language: Language): TemplateResult;
  /** Beside the text: what can be done to it. */
  actions(row: Row, language: Language): TemplateResult | typeof nothing;
}

export function attributes({ key, own, fresh, follows, deleted, delivery, active }: Row) {
  return {
    part: own ? 'message own' : 'message',
    class: ['message', own && 'own', fresh && 'fresh', follows && 'follows', deleted && 'gone', delivery]
      .filter(Boolean)
      .join(' '),
    tabindex: active ? 0 : -1,
    'data-key': key,
    'aria-labelledby': `a-${key} t-${key}`,
    'aria-describedby': `b-${key}`,
  };
}

export function content(row: Row, language: Language, extras: Extras | undefined): TemplateResult {
  const { key, actor, day, at, own, time, delivery } = row;
  const { strings, locale } = language;
  return html`${day ? html`<h3 class="day" part="day"><span>${day}</span></h3>` : nothing}<div class="line">
      ${avatar(actor)}
      <div class="said">
        <p class="meta">
          <bdi class="author" part="author" id="a-${key}">${actor.name}</bdi>
          ${own ? html`<span class="you">${strings.you}</span>` : nothing}
          <time part="time" id="t-${key}" datetime=${new Date(at).toISOString()}>${time}</time>
          <span class="absolute" aria-hidden="true">${absoluteTime(at, locale)}</span>
        </p>
        ${body(row, language)}${delivery ? extras?.delivery(row, language) : nothing}
      </div>
      ${extras?.actions(row, language)}
    </div>`;
}

/** Text and links as nodes, never as HTML; a body of its own direction that cannot reach past its end. */
function body({ key, text }: Row, { strings }: Language): TemplateResult {
  if (text === undefined) return html`<p class="text" id="b-${key}">${strings.deleted}</p>`;
  return html`<p class="text ${isJumbo(text) ? 'jumbo' : ''}" part="text" id="b-${key}" dir="auto">${linkify(text).map(
    (piece) =>
      typeof piece === 'string'
        ? piece
        : html`<a href=${piece.href} title=${piece.href} target="_blank" rel="noopener noreferrer nofollow ugc"
            ><bdi>${piece.text}</bdi></a
          >`,
  )}</p>`;
}
