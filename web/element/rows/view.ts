import { html, nothing, type TemplateResult } from 'lit/html.js';
import { isJumbo } from '../text/graphemes.ts';
import type { Language } from '../text/language.ts';
import { linkify } from '../text/linkify.ts';
import { absoluteTime } from '../text/time.ts';
import { avatar } from '../views/avatar.ts';
import type { Row } from './row.ts';

/** Views of a message that `web/element/writing` renders. They are missing until that code is fetched. */
export interface Extras {
  /** Renders the delivery status, below the text. */
  delivery(row: Row, language: Language): TemplateResult;
  /** Renders the message's actions, beside the text. */
  actions(row: Row, language: Language): TemplateResult | typeof nothing;
}

/** Matches a text that may need more than twelve lines. How many it needs depends on the width of the feed. */
const LONG = /[\s\S]{160}|(?:.*\n){12}/;

export function attributes({ key, own, fresh, follows, deleted, expanded, delivery, active }: Row) {
  const states = { own, fresh, follows, gone: deleted, expanded };
  return {
    part: own ? 'message own' : 'message',
    class: ['message', delivery, ...Object.entries(states).map(([name, on]) => on && name)].filter(Boolean).join(' '),
    tabindex: active ? 0 : -1,
    'data-key': key,
    'aria-labelledby': `a-${key} r-${key} t-${key}`,
    'aria-describedby': `b-${key}`,
  };
}

export function content(row: Row, language: Language, extras: Extras | undefined): TemplateResult {
  const { key, actor, day, seen, at, own, tag, time, follows, delivery } = row;
  const { strings, locale } = language;
  const when = absoluteTime(at, locale);
  return html`${seen ? heading('seen', strings.seen) : nothing}${day ? heading('day', day) : nothing}<div class="line" title=${follows ? when : nothing}>
      ${follows || row.deleted ? html`<span class="avatar"></span>` : avatar(actor)}
      <div class="said">
        <p class="meta">
          <span class="who" id="a-${key}"
            ><bdi class="author" part="author">${actor.name}</bdi>${tag ? html` <code class="tag">${tag}</code>` : nothing}</span>
          ${actor.role ? html`<span class="role" id="r-${key}">${strings.moderator}</span>` : nothing}
          ${own ? html`<span class="you">${strings.you}</span>` : nothing}
          <time part="time" id="t-${key}" datetime=${new Date(at).toISOString()} title=${when}>${time}</time>
        </p>
        ${text(row, language)}${delivery ? extras?.delivery(row, language) : nothing}
      </div>
      ${extras?.actions(row, language)}
    </div>`;
}

function heading(name: 'seen' | 'day', words: string): TemplateResult {
  return html`<h3 class="heading ${name}" part=${name}><span>${words}</span></h3>`;
}

function text(row: Row, { strings }: Language): TemplateResult {
  const { key, text, expanded, active, byModerator } = row;
  if (text === undefined)
    return html`<p class="text" id="b-${key}">${byModerator ? strings.removed : strings.deleted}</p>`;
  const long = LONG.test(text);
  return html`<p class="text ${isJumbo(text) ? 'jumbo' : ''} ${long ? 'long' : ''}" part="text" id="b-${key}" dir="auto">${pieces(text)}</p>${
    long
      ? html`<button type="button" class="more" tabindex=${active ? 0 : -1} aria-expanded=${expanded}>${expanded ? strings.showLess : strings.showMore}</button>`
      : nothing
  }`;
}

/** Renders text and links as nodes, never as HTML. */
function pieces(text: string): (string | TemplateResult)[] {
  return linkify(text).map((piece) =>
    typeof piece === 'string'
      ? piece
      : html`<a href=${piece.href} title=${piece.href} target="_blank" rel="noopener noreferrer nofollow ugc"
            ><bdi>${piece.text}</bdi></a
          >`,
  );
}
