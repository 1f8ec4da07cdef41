import type { ReactiveControllerHost } from 'lit';
import type { Strings } from '../../locales/strings.ts';
import { type Language, loadLanguage, wordless } from '../text/language.ts';

/** Chooses and fetches the language of the box. */
export class LanguageController {
  readonly #host: ReactiveControllerHost & Element;
  language: Language = wordless;
  /** Whether all attempts to fetch the file of the chosen language have failed. */
  failed = false;
  #choice = 0;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /** Whether the first language is still being fetched, and no attempt has failed. */
  get pending(): boolean {
    return this.language === wordless;
  }

  /**
   * Loads a language and uses it. If the first attempt to fetch the language's file fails, the box shows English until
   * another attempt succeeds. Until English has loaded, the box keeps its previous language. If there was none, the
   * box shows only the texts in `strings`.
   * @param tag the element's `lang`; if it is empty, the language of the page around the box is used
   * @param unavailable called once if an attempt to fetch the file fails
   */
  async choose(tag: string, strings: Partial<Strings> | undefined, unavailable: (error: Error) => void): Promise<void> {
    const choice = ++this.#choice;
    this.failed = false;
    let chosenIsHere = false;
    const use = (language: Language, chosen: boolean) => {
      // Does nothing if the chosen language has arrived already, or another one was chosen meanwhile.
      if (chosenIsHere || choice !== this.#choice) return;
      this.language = { ...language, strings: { ...language.strings, ...strings } };
      chosenIsHere = chosen;
      this.#host.requestUpdate();
    };
    const standIn = async () => use(await loadLanguage('en'), false);
    try {
      const language = await loadLanguage(tag || inheritedBy(this.#host) || 'en', (error) => {
        unavailable(error);
        if (this.pending) use(wordless, false);
        standIn().catch(() => {});
      });
      use(language, true);
    } catch {
      this.failed = choice === this.#choice;
    }
  }
}

/** Returns the `lang` of the element, or of the nearest element around it that has one, also across shadow roots. */
function inheritedBy(element: Element | undefined): string | undefined {
  const around = element?.closest<HTMLElement>('[lang]:not([lang=""])');
  return around || !element ? around?.lang : inheritedBy((element.getRootNode() as ShadowRoot).host);
}
