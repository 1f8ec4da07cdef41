import type { ReactiveControllerHost } from 'lit';
import type { Strings } from '../../locales/strings.ts';
import { type Language, loadLanguage, wordless } from '../text/language.ts';

/** The language of the box, from when it has been fetched. */
export class Speaking {
  readonly #host: ReactiveControllerHost & Element;
  language: Language = wordless;
  /** Not known yet whether there are words. */
  pending = true;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /** @param tag as on the element; without one, the language of the page around it counts */
  async choose(tag: string, strings: Partial<Strings> | undefined): Promise<void> {
    const inherited = this.#host.closest<HTMLElement>('[lang]:not([lang=""])')?.lang;
    const language = await loadLanguage(tag || inherited || 'en');
    this.language = { ...language, strings: { ...language.strings, ...strings } };
    this.pending = false;
    this.#host.requestUpdate();
  }
}
