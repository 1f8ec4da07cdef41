import { expect, test } from 'vitest';
import { loadLanguage, plural } from './language.ts';

test.each([
  ['de-AT', 'de-AT', 'ltr', 'Senden'],
  ['AR', 'ar', 'rtl', 'إرسال'],
  ['ja', 'ja', 'ltr', '送信'],
  ['en-GB', 'en-GB', 'ltr', 'Send'],
])('%s is spoken', async (tag, locale, direction, send) => {
  expect(await loadLanguage(tag)).toMatchObject({ locale, direction, strings: { send } });
});

test.each(['xx', '', '__proto__', 'constructor', 'not a tag'])('%j falls back to English', async (tag) => {
  expect(await loadLanguage(tag)).toMatchObject({ direction: 'ltr', strings: { send: 'Send' } });
});

test('numbers take the form the language has for them', async () => {
  const arabic = await loadLanguage('ar');
  expect(plural(arabic, arabic.strings.newMessages, 2)).toBe('رسالتان جديدتان');
  const german = await loadLanguage('de');
  expect(plural(german, german.strings.newMessages, 1)).toBe('1 neue Nachricht');
  expect(plural(german, german.strings.newMessages, 1_234)).toBe('1.234 neue Nachrichten');
});
