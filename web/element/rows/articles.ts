import { render } from 'lit/html.js';
import type { Language } from '../text/language.ts';
import { LongTexts } from './long-texts.ts';
import { type Row, same } from './row.ts';
import { attributes, content, type Extras } from './view.ts';

interface Shown {
  article: HTMLElement;
  row: Row;
  language: Language;
  extras: Extras | undefined;
}

export interface Rows {
  rows: readonly Row[];
  /** Number of rows that the feed has above the first of `rows`. */
  offset: number;
  /** Number of rows in the whole feed; -1 if it is unknown, as in `aria-setsize`. */
  total: number;
}

/**
 * The feed's rows in the DOM, one article each. The article of a message stays the same element as long as it is shown.
 * It is rendered again only if its row, the language or the extra views have changed.
 */
export class Articles {
  readonly #articles = new Map<string, Shown>();
  readonly #longTexts = new LongTexts();

  show(feed: Element, { rows, offset, total }: Rows, language: Language, extras: Extras | undefined): void {
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { article }] of this.#articles) {
      if (keys.has(key)) continue;
      this.#longTexts.forget(article);
      article.remove();
      this.#articles.delete(key);
    }
    // Goes from the last row to the first. If two rows swap places, this moves only the row that goes down, such as the
    // user's own message that arrived below others. A moved row loses the focus.
    let below: Element | null = null;
    for (let index = rows.length - 1; index >= 0; index--) {
      const row = rows[index]!;
      const article = this.#render(row, language, extras);
      set(article, 'aria-posinset', String(offset + index + 1));
      set(article, 'aria-setsize', String(total));
      if (article.parentNode !== feed || article.nextElementSibling !== below) feed.insertBefore(article, below);
      below = article;
    }
  }

  #render(row: Row, language: Language, extras: Extras | undefined): HTMLElement {
    const shown = this.#articles.get(row.key);
    const article = shown?.article ?? document.createElement('article');
    if (!shown || shown.language !== language || shown.extras !== extras || !same(shown.row, row)) {
      for (const [name, value] of Object.entries(attributes(row))) set(article, name, String(value));
      render(content(row, language, extras), article);
      this.#longTexts.watch(article);
      this.#articles.set(row.key, { article, row, language, extras });
    }
    return article;
  }
}

/** Sets an attribute if its value differs. Writing the same value would cost a recalculation of styles. */
function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
