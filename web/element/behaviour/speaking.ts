import type { ReactiveControllerHost } from 'lit';
import type { Strings } from '../../locales/strings.ts';
import { type Language, loadLanguage, wordless } from '../text/language.ts';

/** The language of the box, from when it has been fetched. */
export class Speaking {
  readonly #host: ReactiveControllerHost & Element;
  language: Language = wordless;
  /** Not known yet whether there are words. */
  pending = true;
  /** The file of the chosen language could not be had, and is not being tried any more. */
  stuck = false;
  #choice = 0;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /**
   * Speaks the language of a tag; English while it can't be had, and no words while English can't be had either.
   * @param tag as on the element; without one, the language of the page around it counts
   * @param failed called once where its file can't be had at first
   */
  async choose(tag: string, strings: Partial<Strings> | undefined, failed: (error: Error) => void): Promise<void> {
    const choice = ++this.#choice;
    this.stuck = false;
    let there = false;
    const speak = (language: Language, chosen: boolean) => {
      // Not after the language itself, nor where another has been chosen meanwhile.
      if (there || choice !== this.#choice) return;
      this.language = { ...language, strings: { ...language.strings, ...strings } };
      this.pending = false;
      there = chosen;
      this.#host.requestUpdate();
    };
    const standIn = async () => speak(await loadLanguage('en'), false);
    const inherited = this.#host.closest<HTMLElement>('[lang]:not([lang=""])')?.lang;
    try {
      const language = await loadLanguage(tag || inherited || 'en', (error) => {
        failed(error);
        if (this.pending) speak(wordless, false);
        standIn().catch(() => {});
      });
      speak(language, true);
    } catch {
      this.stuck = choice === this.#choice;
    }
  }
}
