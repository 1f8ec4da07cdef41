import en from '../../locales/en.ts';
import type { Plural, Strings } from '../../locales/strings.ts';

/** Each is its own file, fetched when a box first needs it. English is always there. */
const loaders: Record<string, () => Promise<{ default: Strings }>> = {
  ar: () => import('../../locales/ar.ts'),
  de: () => import('../../locales/de.ts'),
  es: () => import('../../locales/es.ts'),
  fr: () => import('../../locales/fr.ts'),
  ja: () => import('../../locales/ja.ts'),
};

/** What a box speaks: its strings, and the locale that dates, numbers and plurals follow. */
export interface Language {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly strings: Strings;
}

export const english: Language = { locale: 'en', direction: 'ltr', strings: en };

/** The language for a BCP 47 tag such as `de-AT`; English where there is none or its file cannot be had. */
export async function loadLanguage(tag: string): Promise<Language> {
  const base = tag.toLowerCase().split('-')[0]!;
  if (base === 'en') return { ...english, locale: valid(tag) };
  const load = Object.hasOwn(loaders, base) ? loaders[base] : undefined;
  try {
    if (!load) return english;
    const { default: strings } = await load();
    return { locale: valid(tag), direction: base === 'ar' ? 'rtl' : 'ltr', strings };
  } catch {
    return english;
  }
}

/** Intl throws on a malformed tag, and a page's `lang` can be anything. */
function valid(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en';
  } catch {
    return tag.split('-')[0]!;
  }
}

/** "3 new messages", in the form the language has for that number. */
export function plural(language: Language, forms: Plural, n: number): string {
  const form = forms[new Intl.PluralRules(language.locale).select(n)] ?? forms.other;
  return form.replace('{n}', new Intl.NumberFormat(language.locale).format(n));
}
