import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Actor } from '../../../src/domain/schema.generated.ts';
import type { Outgoing } from '../client.ts';
import { isJumbo } from '../text/graphemes.ts';
import type { Language } from '../text/language.ts';
import { linkify } from '../text/linkify.ts';
import { absoluteTime, relativeTime } from '../text/time.ts';
import { avatar } from './avatar.ts';

/** One row of the feed: a message of the log, or one of our own on its way there. */
export interface Row {
  /** Stable over the change from outgoing to arrived, so that the element stays. */
  key: string;
  at: number;
  actor: Actor;
  text: string | undefined;
  /** Heading of a new day, where this is its first row. */
  day: string | undefined;
  own: boolean;
  fresh: boolean;
  deletable: boolean;
  /** The person is asked whether to delete this one. */
  confirming: boolean;
  outgoing: Outgoing | undefined;
}

/** What there is to see and to do at one's own messages; see `web/element/writing`. */
export interface OwnMessage {
  delivery(outgoing: Outgoing, language: Language): TemplateResult;
  deletion(row: Row, language: Language): TemplateResult;
}

export interface Place {
  position: number;
  /** -1 where there is more than is known (ARIA: aria-setsize). */
  total: number;
  /** The one row of the feed that is in the tab order. */
  active: boolean;
}

/** What there is to see of a row: as long as none of it changes, there is nothing to render. */
export function inputs(row: Row, language: Language, now: number, mine?: OwnMessage): unknown[] {
  const { at, day, actor, text, own, deletable, confirming, outgoing } = row;
  const time = relativeTime(at, now, language.locale);
  return [language, time, day, actor, text, own, deletable, confirming, outgoing, mine];
}

export function attributes({ key, own, fresh, outgoing }: Row, { position, total, active }: Place) {
  return {
    part: own ? 'message own' : 'message',
    class: ['message', own && 'own', fresh && 'fresh', outgoing?.state].filter(Boolean).join(' '),
    tabindex: active ? 0 : -1,
    'aria-posinset': position,
    'aria-setsize': total,
    'data-key': key,
    'aria-labelledby': `a-${key} t-${key}`,
    'aria-describedby': `b-${key}`,
  };
}

export function content(row: Row, language: Language, now: number, mine?: OwnMessage): TemplateResult {
  const { key, actor, day, at, own, text, outgoing } = row;
  const { strings, locale } = language;
  return html`${day ? html`<h3 class="day" part="day"><span>${day}</span></h3>` : nothing}<div class="line">
      ${avatar(actor)}
      <div class="said">
        <p class="meta">
          <bdi class="author" part="author" id="a-${key}">${actor.name}</bdi>
          ${own ? html`<span class="you">${strings.you}</span>` : nothing}
          <time part="time" id="t-${key}" datetime=${new Date(at).toISOString()}>${relativeTime(at, now, locale)}</time>
          <span class="absolute" aria-hidden="true">${absoluteTime(at, locale)}</span>
        </p>
        ${body(key, text, strings.deleted)}${outgoing ? mine?.delivery(outgoing, language) : nothing}
      </div>
      ${row.deletable ? mine?.deletion(row, language) : nothing}
    </div>`;
}

/** Text and links as nodes, never as HTML; a body of its own direction that cannot reach past its end. */
function body(key: string, text: string | undefined, deleted: string): TemplateResult {
  if (text === undefined) return html`<p class="text gone" id="b-${key}">${deleted}</p>`;
  return html`<p class="text ${isJumbo(text) ? 'jumbo' : ''}" part="text" id="b-${key}" dir="auto">${linkify(text).map(
    (piece) =>
      typeof piece === 'string'
        ? piece
        : html`<a href=${piece.href} title=${piece.href} target="_blank" rel="noopener noreferrer nofollow ugc"
            ><bdi>${piece.text}</bdi></a
          >`,
  )}</p>`;
}
