import { expect, test } from 'vitest';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.text]));
const joined = (text: string) =>
  linkify(text)
    .map((piece) => (typeof piece === 'string' ? piece : piece.text))
    .join('');

test.each([
  ['see https://example.org/a?b=c#d now', 'https://example.org/a?b=c#d'],
  ['https://example.org.', 'https://example.org'],
  ['(https://example.org/a_(b))', 'https://example.org/a_(b)'],
  ['"https://example.org/x", she said', 'https://example.org/x'],
  ['HTTPS://EXAMPLE.ORG/A!', 'HTTPS://EXAMPLE.ORG/A'],
  ['at www.example.org/a, then', 'www.example.org/a'],
  ['write to Ann.O+box@mail.example.org.', 'Ann.O+box@mail.example.org'],
  ['日本 http://例え.jp/道。', 'http://例え.jp/道'],
])('finds the link in %j', (text, link) => {
  expect(links(text)).toEqual([link]);
});

test.each([
  'javascript:alert(1)',
  'data:text/html,<script>1</script>',
  'vbscript:x file:///etc/passwd blob:https',
  'https://',
  'https://bank.example@evil.example/',
  'https://user:secret@evil.example/',
  'xhttps://example.org',
  'www. www.. awww.example.org',
  'www.bank.example@evil.example/',
  'alice@localhost @alice alice@ x@y',
])('finds no link in %j', (text) => {
  expect(links(text)).toEqual([]);
});

test('every character of the text is still there', () => {
  const text = 'a https://example.org/(b), c http://example.com? <b> https://x@y/ ';
  expect(joined(text)).toBe(text);
});

test('a direction override cannot be part of a link', () => {
  expect(links('https://example.org/\u202Egpj.exe')).toEqual(['https://example.org/']);
});

test('an address without a scheme leads to the web by https, or to a mail without subject or copies', () => {
  const [web, , mail] = linkify('www.example.org ann@example.org?subject=x&cc=eve@example.org').filter(
    (p) => typeof p !== 'string' || p === ' ',
  );
  expect(web).toEqual({ text: 'www.example.org', href: 'https://www.example.org/' });
  expect(mail).toEqual({ text: 'ann@example.org', href: 'mailto:ann@example.org' });
});
