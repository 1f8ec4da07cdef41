import type { ReactiveControllerHost } from 'lit';
import type { Viewport } from './viewport.ts';

interface Host extends ReactiveControllerHost {
  readonly renderRoot: DocumentFragment | HTMLElement;
  loadOlder(): Promise<void>;
}

/** Handles scrolling, pointer, focus, clicks and keys in the feed. Its listeners are on the feed, not on each row. */
export class FeedInput {
  readonly #host: Host;
  readonly #viewport: Viewport;
  /**
   * Key of the row that last got the focus; undefined if none has yet. Tab reaches only this row, or the first row if
   * this row is gone.
   */
  active: string | undefined;
  /** Keys of the rows whose long text is shown in full. */
  readonly expanded = new Set<string>();

  constructor(host: Host, viewport: Viewport) {
    this.#host = host;
    this.#viewport = viewport;
  }

  readonly scroll = (event: Event): void => {
    if (this.#viewport.scrolled(event.target as Element)) void this.#host.loadOlder();
  };

  readonly pointer = ({ pointerType, type }: PointerEvent): void => {
    // Ignores touches, because a finger does not stay over the feed.
    if (pointerType !== 'touch') this.#viewport.hold('hovered', type === 'pointerenter');
  };

  readonly focus = (event: FocusEvent): void => {
    const inside = event.type === 'focusin';
    if (inside) this.active = rowOf(event)?.dataset.key;
    this.#viewport.hold('focused', inside);
    this.#host.requestUpdate();
  };

  readonly click = (event: Event): void => {
    const row = (event.target as Element).closest('.more') && rowOf(event);
    const key = row?.dataset.key;
    if (key) this.#toggle(row, key);
  };

  /** Shows a long text in full, or cuts it again. */
  #toggle(row: Element, key: string): void {
    if (!this.expanded.delete(key)) this.expanded.add(key);
    // Scrolls to the row once its text is cut again, because the row may then be far above.
    else void this.#host.updateComplete.then(() => row.scrollIntoView({ block: 'nearest' }));
    this.#host.requestUpdate();
  }

  readonly keydown = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const move = this.#moves[ctrlKey || metaKey ? `Control ${key}` : key];
    if (!move || altKey || shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    void move(rowOf(event));
  };

  /**
   * The keys of the feed pattern (ARIA Authoring Practices, "Feed"). Page Down and Page Up move the focus to the next
   * or previous article. Control with Home or End moves the focus to the control before or after the feed.
   */
  readonly #moves: Readonly<Record<string, (row: HTMLElement | null) => unknown>> = {
    PageDown: (row) => this.#next(row),
    PageUp: (row) => focusOn(row?.previousElementSibling),
    'Control Home': () => focusOn(this.#find('textarea') ?? this.#find('button')),
    'Control End': () => focusOn(this.#find('.older')),
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
