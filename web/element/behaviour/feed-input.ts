import type { ReactiveControllerHost } from 'lit';
import { feedKey } from '../feed-keys.ts';
import type { Viewport } from './viewport.ts';

interface Host extends ReactiveControllerHost {
  readonly renderRoot: DocumentFragment | HTMLElement;
  loadOlder(): Promise<void>;
}

/** Pointer, focus, keys and buttons in the feed. One listener each for all rows. */
export class FeedInput {
  readonly #host: Host;
  readonly #viewport: Viewport;
  readonly #act: (action: string, key: string) => void;
  /** Key of the row that is in the tab order. */
  active: string | undefined;
  /** The action that waits for a second click. */
  confirming: { key: string; action: string } | undefined;
  /** Keys of the rows whose long text is shown in full. */
  readonly expanded = new Set<string>();

  constructor(host: Host, viewport: Viewport, act: (action: string, key: string) => void) {
    this.#host = host;
    this.#viewport = viewport;
    this.#act = act;
  }

  readonly scroll = (event: Event): void => {
    if (this.#viewport.scrolled(event.target as Element)) void this.#host.loadOlder();
  };

  readonly pointer = ({ pointerType, type }: PointerEvent): void => {
    // A touch leaves no pointer over the feed.
    if (pointerType !== 'touch') this.#viewport.hold('hovered', type === 'pointerenter');
  };

  readonly focus = (event: FocusEvent): void => {
    const inside = event.type === 'focusin';
    const key = rowOf(event)?.dataset.key;
    if (inside) this.active = key;
    else if (key === this.confirming?.key) this.confirming = undefined;
    this.#viewport.hold('focused', inside);
    this.#host.requestUpdate();
  };

  /** A button with `data-ask` asks first, and has `data-do` then. */
  readonly click = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLElement>('[data-ask], [data-do], [data-more]');
    const row = rowOf(event);
    const key = row?.dataset.key;
    if (!button || !key) return;
    const { ask, do: action } = button.dataset;
    this.confirming = ask ? { key, action: ask } : undefined;
    if (action) this.#act(action, key);
    else if (!ask) this.#toggle(row, key);
    this.#host.requestUpdate();
  };

  /** Shows a long text in full, or cuts it again. */
  #toggle(row: Element, key: string): void {
    if (!this.expanded.delete(key)) this.expanded.add(key);
    // The text's beginning may be far above.
    else void this.#host.updateComplete.then(() => row.scrollIntoView({ block: 'nearest' }));
  }

  readonly keydown = (event: KeyboardEvent): void => {
    const move = feedKey(event);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const row = rowOf(event);
    if (move === 'next') void this.#next(row);
    else if (move === 'previous') focusOn(row?.previousElementSibling);
    else if (move === 'before') focusOn(this.#find('textarea') ?? this.#find('button'));
    else focusOn(this.#find('.older'));
  };

  async #next(row: HTMLElement | null): Promise<void> {
    if (row && !row.nextElementSibling) await this.#host.loadOlder();
    focusOn(row?.nextElementSibling);
  }

  #find(selector: string): Element | null {
    return this.#host.renderRoot.querySelector(selector);
  }
}

function rowOf({ target }: Event): HTMLElement | null {
  return (target as Element).closest('article');
}

function focusOn(element: Element | null | undefined): void {
  (element as HTMLElement | null | undefined)?.focus();
}
