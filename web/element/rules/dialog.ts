import { html, nothing, render, type TemplateResult } from 'lit/html.js';

interface Content {
  title: string;
  body: TemplateResult | typeof nothing;
}

/**
 * One question at a time, over the page. The browser keeps the focus inside, closes it on Escape and gives the focus back.
 */
export class Dialog {
  readonly #root: ShadowRoot;
  readonly #element = document.createElement('dialog');
  #content: (() => Content) | undefined;
  /** The row that it is about, for the focus where its button is gone. */
  #row: string | undefined;

  constructor(root: ShadowRoot) {
    this.#root = root;
    const element = this.#element;
    element.setAttribute('aria-labelledby', 'dialog');
    element.addEventListener('close', () => this.#closed());
    // Keys of its fields are not the page's hotkeys.
    element.addEventListener('keydown', (event) => event.stopPropagation());
    // The second click of a double-click must do nothing in the dialog that the first one opened.
    const stopSecondClick = (event: MouseEvent) => {
      if (event.detail < 2) return;
      event.preventDefault();
      event.stopPropagation();
    };
    element.addEventListener('click', stopSecondClick, true);
  }

  open(content: () => Content, row?: string): void {
    this.#content = content;
    this.#row = row;
    // Moving an open dialog would take it from the top layer.
    if (!this.#element.open) this.#root.querySelector('.box')!.append(this.#element);
    this.update();
    if (!this.#element.open) this.#element.showModal();
  }

  /** Renders again, if it is open. */
  update(): void {
    if (!this.#content) return;
    const { title, body } = this.#content();
    render(html`<h3 id="dialog">${title}</h3>${body}`, this.#element);
  }

  readonly close = (): void => this.#element.close();

  #closed(): void {
    this.#content = undefined;
    render(nothing, this.#element);
    this.#element.remove();
    if (this.#root.activeElement || this.#row === undefined) return;
    this.#root.querySelector<HTMLElement>(`[data-key="${CSS.escape(this.#row)}"]`)?.focus();
  }
}
