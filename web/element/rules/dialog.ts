import { html, nothing, render, type TemplateResult } from 'lit/html.js';

interface Content {
  title: string;
  body: TemplateResult | typeof nothing;
}

/**
 * The box's modal dialog. The browser keeps the focus inside, closes the dialog on Escape, and then gives the focus
 * back to the element that had it.
 */
export class Dialog {
  readonly #root: ShadowRoot;
  readonly #element = document.createElement('dialog');
  #content: (() => Content) | undefined;
  /**
   * Key of the row that the dialog is about; undefined if it is about no row. When the dialog closes, the row gets the
   * focus if the button that opened the dialog is gone.
   */
  #row: string | undefined;

  constructor(root: ShadowRoot) {
    this.#root = root;
    const element = this.#element;
    element.setAttribute('aria-labelledby', 'dialog');
    element.addEventListener('close', () => this.#closed());
    // Hides typed keys from the page, where they may be hotkeys.
    for (const type of ['keydown', 'keypress', 'keyup'])
      element.addEventListener(type, (event) => event.stopPropagation());
    // The second click of a double-click must do nothing in the dialog that the first click opened.
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
    // Does not move an open dialog, because that would remove it from the top layer.
    if (!this.#element.open) this.#root.querySelector('.box')!.append(this.#element);
    this.update();
    if (!this.#element.open) this.#element.showModal();
  }

  /** Renders the content again, if the dialog is open. */
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
