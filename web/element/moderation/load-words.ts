import { Part } from '../../client/part.ts';
import type { ModerationWords } from '../../locales/moderation/words.ts';
import { partFor } from '../text/language.ts';

interface File {
  default: ModerationWords;
}

const parts = {
  ar: new Part<File>(() => import('../../locales/moderation/ar.ts')),
  de: new Part<File>(() => import('../../locales/moderation/de.ts')),
  en: new Part<File>(() => import('../../locales/moderation/en.ts')),
  es: new Part<File>(() => import('../../locales/moderation/es.ts')),
  fr: new Part<File>(() => import('../../locales/moderation/fr.ts')),
  ja: new Part<File>(() => import('../../locales/moderation/ja.ts')),
} satisfies Record<string, Part<File>>;

/**
 * Loads the texts for moderators in the language of a BCP 47 tag, or in English if there is no translation.
 * @throws if the file cannot be fetched
 */
export async function loadWords(locale: string): Promise<ModerationWords> {
  return (await (partFor(parts, locale) ?? parts.en).load()).default;
}
