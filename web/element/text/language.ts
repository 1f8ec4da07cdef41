import type { Plural, Strings } from '../../locales/strings.ts';

/** Each is its own file, fetched when a box first needs it: nobody pays for a language that is not theirs. */
const loaders = {
  ar: () => import('../../locales/ar.ts'),
  de: () => import('../../locales/de.ts'),
  en: () => import('../../locales/en.ts'),
  es: () => import('../../locales/es.ts'),
  fr: () => import('../../locales/fr.ts'),
  ja: () => import('../../locales/ja.ts'),
} satisfies Record<string, () => Promise<{ default: Strings }>>;

/** What a box speaks: its strings, and the locale that dates, numbers and plurals follow. */
export interface Language {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly strings: Strings;
}

/** Until its language is there, and where it cannot be had, a box has its shape and its messages, and no words. */
export const wordless: Language = { locale: 'en', direction: 'ltr', strings: {} as Strings };

/** The language for a BCP 47 tag such as `de-AT`; English where there is none or its file cannot be had. */
export async function loadLanguage(tag: string): Promise<Language> {
  const base = tag.toLowerCase().split('-')[0]!;
  try {
    if (!Object.hasOwn(loaders, base)) return await loadLanguage('en');
    const { default: strings } = await loaders[base as keyof typeof loaders]();
    // Intl throws on a malformed tag, and a page's `lang` can be anything.
    const [locale = 'en'] = Intl.getCanonicalLocales(tag);
    return { locale, direction: base === 'ar' ? 'rtl' : 'ltr', strings };
  } catch {
    return base === 'en' ? wordless : loadLanguage('en');
  }
}

/** "3 new messages", in the form the language has for that number. */
export function plural(language: Language, forms: Plural | undefined, n: number): string {
  if (!forms) return '';
  const form = forms[new Intl.PluralRules(language.locale).select(n)] ?? forms.other;
  return form.replace('{n}', new Intl.NumberFormat(language.locale).format(n));
}
