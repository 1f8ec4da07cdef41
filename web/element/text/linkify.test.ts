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
