import { Part } from '../../client/part.ts';
import type { RuleWords } from '../../locales/rules/words.ts';
import { partFor } from '../text/language.ts';

interface File {
  default: RuleWords;
}

const parts = {
  ar: new Part<File>(() => import('../../locales/rules/ar.ts')),
  de: new Part<File>(() => import('../../locales/rules/de.ts')),
  en: new Part<File>(() => import('../../locales/rules/en.ts')),
  es: new Part<File>(() => import('../../locales/rules/es.ts')),
  fr: new Part<File>(() => import('../../locales/rules/fr.ts')),
  ja: new Part<File>(() => import('../../locales/rules/ja.ts')),
} satisfies Record<string, Part<File>>;

/** Loads the texts in the language of a BCP 47 tag, or in English. @throws if the file cannot be fetched */
export async function loadWords(locale: string): Promise<RuleWords> {
  return (await (partFor(parts, locale) ?? parts.en).load()).default;
}
