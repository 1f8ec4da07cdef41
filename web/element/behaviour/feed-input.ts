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
    // A finger leaves no pointer behind that could rest on the feed.
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
    const { ask, do: action } = (event.target as Element).closest<HTMLElement>('[data-ask], [data-do]')?.dataset ?? {};
    const key = rowOf(event)?.dataset.key;
    if (!key || !(ask || action)) return;
    this.confirming = ask ? { key, action: ask } : undefined;
    if (action) this.#act(action, key);
    this.#host.requestUpdate();
  };

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
