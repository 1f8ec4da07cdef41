/** Replaces the content of the page. A string is always text, so that nothing in it becomes markup. */
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
