/**
 * Marks the articles whose text is cut, so that they show a button for the rest. Observes the size of texts, because
 * their width and font decide which of them are cut.
 */
export class LongTexts {
  readonly #observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      target.closest('article')?.toggleAttribute('data-cut', target.scrollHeight > target.clientHeight + 1);
    }
  });

  watch(article: Element): void {
    const text = article.querySelector('.long');
    if (text) this.#observer.observe(text);
  }

  forget(article: Element): void {
    const text = article.querySelector('.long');
    if (text) this.#observer.unobserve(text);
  }
}
