const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formatters by locale. They are kept, because every row needs them and creating them is slow. */
const formatters = new Map<string, Formatters>();

interface Formatters {
  relative: Intl.RelativeTimeFormat;
  clock: Intl.DateTimeFormat;
  full: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  dayOfYear: Intl.DateTimeFormat;
}

function formattersOf(locale: string): Formatters {
  let known = formatters.get(locale);
  if (!known) {
    known = {
      relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
      clock: new Intl.DateTimeFormat(locale, { timeStyle: 'short' }),
      full: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
      day: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
      dayOfYear: new Intl.DateTimeFormat(locale, { dateStyle: 'long' }),
    };
    formatters.set(locale, known);
  }
  return known;
}

/**
 * Creates the formatters early, while the page waits for its first messages. The first formatter of a page takes 20 ms
 * or more, because the browser loads its locale data.
 */
export function prepareTimes(locale: string): void {
  setTimeout(() => void formattersOf(locale).clock.format());
}

/** Returns "now" or "5 min. ago"; from an hour on, the time of day, because a heading above the row shows the day. */
export function relativeTime(at: number, now: number, locale: string): string {
  const { relative, clock } = formattersOf(locale);
  const age = now - at;
  // A time that is less than a minute ahead of this machine's clock is "now". Times further ahead show the time of day.
  if (age > -MINUTE && age < 45_000) return relative.format(0, 'second');
  if (age >= 45_000 && age < HOUR) return relative.format(-Math.max(1, Math.floor(age / MINUTE)), 'minute');
  return clock.format(at);
}

export function absoluteTime(at: number, locale: string): string {
  return formattersOf(locale).full.format(at);
}

/** Returns the number of days since 1970 in the reader's time zone. It is equal for all moments of one local day. */
export function dayOf(at: number): number {
  return Math.floor((at - new Date(at).getTimezoneOffset() * MINUTE) / DAY);
}

/** Returns a heading such as "Today", "Yesterday", "Monday, November 23" or "December 31, 2024". */
export function dayHeading(at: number, now: number, locale: string): string {
  const { relative, day, dayOfYear } = formattersOf(locale);
  const ago = dayOf(now) - dayOf(at);
  if (ago === 0 || ago === 1) return capitalized(relative.format(-ago, 'day'), locale);
  return (ago > 0 && ago < 300 ? day : dayOfYear).format(at);
}

function capitalized(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
