/** Replaces the page's title and content. A string becomes a paragraph of plain text, so it cannot inject markup. */
export function say(heading: string, ...rest: (string | HTMLElement)[]): void {
  document.title = heading;
  const content = rest.map((part) => (typeof part === 'string' ? element('p', part) : part));
  document.querySelector('main')!.replaceChildren(element('h1', heading), ...content);
}

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, text = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
