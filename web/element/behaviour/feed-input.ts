import type { ReactiveControllerHost } from 'lit';
import { feedKey } from '../feed-keys.ts';
import type { Reading } from './reading.ts';

interface Host extends ReactiveControllerHost {
  readonly renderRoot: DocumentFragment | HTMLElement;
  loadOlder(): Promise<void>;
}

export type RowAction = 'retry' | 'discard' | 'delete';

/** Pointer, focus, keys and buttons in the feed. One listener each for all rows. */
export class FeedInput {
  readonly #host: Host;
  readonly #reading: Reading;
  readonly #act: (action: RowAction, key: string) => void;
  /** Key of the row that is in the tab order. */
  active: string | undefined;
  /** Key of the message whose deletion waits for a second click. */
  confirming: string | undefined;

  constructor(host: Host, reading: Reading, act: (action: RowAction, key: string) => void) {
    this.#host = host;
    this.#reading = reading;
    this.#act = act;
  }

  readonly scroll = (event: Event): void => {
    if (this.#reading.scrolled(event.target as Element)) void this.#host.loadOlder();
  };

  readonly pointer = ({ pointerType, type }: PointerEvent): void => {
    // A finger leaves no pointer behind that could rest on the feed.
    if (pointerType !== 'touch') this.#reading.hold('hovered', type === 'pointerenter');
  };

  readonly focus = (event: FocusEvent): void => {
    const inside = event.type === 'focusin';
    if (inside) this.active = rowOf(event)?.dataset.key;
    else if (rowOf(event)?.dataset.key === this.confirming) this.confirming = undefined;
    this.#reading.hold('focused', inside);
    this.#host.requestUpdate();
  };

  readonly click = (event: Event): void => {
    const action = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do;
    const key = rowOf(event)?.dataset.key;
    if (!action || !key) return;
    this.confirming = action === 'confirm' ? key : undefined;
    if (action !== 'confirm') this.#act(action as RowAction, key);
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
