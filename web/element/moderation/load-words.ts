import { Part } from '../../client/part.ts';
import type { ModerationWords } from '../../locales/moderation/words.ts';

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

/** @throws where the file can't be had */
export async function loadWords(locale: string): Promise<ModerationWords> {
  const [base = 'en'] = locale.split('-');
  const part = Object.hasOwn(parts, base) ? parts[base as keyof typeof parts] : parts.en;
  return (await part.load()).default;
}
