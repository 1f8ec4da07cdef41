import { attempt } from '../../client/attempt.ts';
import { Part } from '../../client/part.ts';
import type { Plural, Strings } from '../../locales/strings.ts';
import { prepareTimes } from './time.ts';

interface Locale {
  default: Strings;
}

/** The files of the languages. Each file is fetched when a box first needs it. */
const parts = {
  ar: new Part<Locale>(() => import('../../locales/ar.ts')),
  de: new Part<Locale>(() => import('../../locales/de.ts')),
  en: new Part<Locale>(() => import('../../locales/en.ts')),
  es: new Part<Locale>(() => import('../../locales/es.ts')),
  fr: new Part<Locale>(() => import('../../locales/fr.ts')),
  ja: new Part<Locale>(() => import('../../locales/ja.ts')),
} satisfies Record<string, Part<Locale>>;

/** Returns the file for a BCP 47 tag such as `de-AT`; undefined if there is none for this language. */
export function partFor<T>(files: Readonly<Record<string, Part<T>>>, tag: string): Part<T> | undefined {
  const base = baseOf(tag);
  return Object.hasOwn(files, base) ? files[base] : undefined;
}

function baseOf(tag: string): string {
  return tag.toLowerCase().split('-')[0]!;
}

/** The language of a box: its strings, and the locale of dates, numbers and plurals. */
export interface Language {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly strings: Strings;
}

/** Used while no language is loaded. The box then shows messages, but no words of its own. */
export const wordless: Language = { locale: 'en', direction: 'ltr', strings: {} as Strings };

/**
 * Loads the language for a BCP 47 tag such as `de-AT`, or English if there is no file for it.
 * @param failed called at most once, if an attempt to fetch the file fails; more attempts may follow
 * @throws if all attempts fail
 */
export async function loadLanguage(tag: string, failed?: (error: Error) => void): Promise<Language> {
  const part = partFor(parts, tag);
  if (!part) return loadLanguage('en', failed);
  const locale = attempt(() => Intl.getCanonicalLocales(tag)[0]) ?? baseOf(tag);
  prepareTimes(locale);
  const { default: strings } = await part.load(failed);
  return {
    locale,
    direction: part === parts.ar ? 'rtl' : 'ltr',
    strings,
  };
}

/** Returns a text such as "3 new messages", in the language's plural form for that number. */
export function plural(language: Language, forms: Plural | undefined, n: number): string {
  if (!forms) return '';
  const form = forms[new Intl.PluralRules(language.locale).select(n)] ?? forms.other;
  return form.replace('{n}', new Intl.NumberFormat(language.locale).format(n));
}
