import { render } from 'lit/html.js';
import type { Language } from './text/language.ts';
import { attributes, content, inputs, type OwnMessage, type Row } from './views/message.ts';

interface Shown {
  article: HTMLElement;
  inputs: unknown[];
}

export interface Rows {
  rows: readonly Row[];
  now: number;
  /** Rows of the feed above the first of `rows`. */
  offset: number;
  /** -1 where there is more than is known (ARIA: aria-setsize). */
  total: number;
  /** Key of the row that is in the tab order; the first one where it is not here. */
  active: string | undefined;
  hasOlder: boolean;
  /** New messages that wait for the reader. */
  waiting: number;
}

/**
 * The feed's rows in the DOM. An article stays the same one for as long as its message is in the feed, and is rendered
 * again only where something in it has changed.
 */
export class Articles {
  readonly #shown = new Map<string, Shown>();

  show(feed: Element, { rows, now, offset, total, active }: Rows, language: Language, mine?: OwnMessage): void {
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { article }] of this.#shown) {
      if (keys.has(key)) continue;
      article.remove();
      this.#shown.delete(key);
    }
    const focusable = active !== undefined && keys.has(active) ? active : rows[0]?.key;
    // From the end, so that of two that change places the one that sinks is moved: a message of one's own that has
    // arrived below others. A row that is moved loses its focus.
    let below: Element | null = null;
    for (const [index, row] of [...rows.entries()].reverse()) {
      const article = this.#article(row, language, now, mine);
      const place = { position: offset + index + 1, total, active: row.key === focusable };
      for (const [name, value] of Object.entries(attributes(row, place))) set(article, name, String(value));
      if (article.parentNode !== feed || article.nextElementSibling !== below) feed.insertBefore(article, below);
      below = article;
    }
  }

  #article(row: Row, language: Language, now: number, mine?: OwnMessage): HTMLElement {
    const shown = this.#shown.get(row.key) ?? { article: document.createElement('article'), inputs: [] };
    const before = shown.inputs;
    shown.inputs = inputs(row, language, now, mine);
    if (shown.inputs.some((value, index) => value !== before[index])) {
      render(content(row, language, now, mine), shown.article);
    }
    this.#shown.set(row.key, shown);
    return shown.article;
  }
}

/** Writing what is there already costs a recalculation of styles. */
function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
