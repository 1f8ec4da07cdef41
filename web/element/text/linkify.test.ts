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
  ["'https://en.wikipedia.org/wiki/Rubik's_Cube'", "https://en.wikipedia.org/wiki/Rubik's_Cube"],
  ['https://example.org/?a[]=1&b[]=2]', 'https://example.org/?a[]=1&b[]=2'],
  ['https://example.org(see below)', 'https://example.org'],
  ['https://example.org:8080/a: that', 'https://example.org:8080/a'],
  ['(ann@example.org)', 'ann@example.org'],
  ['»ann@example.org«', 'ann@example.org'],
  ['ann@mail.xn--p1ai', 'ann@mail.xn--p1ai'],
])('finds the link in %j', (text, link) => {
  expect(links(text)).toEqual([link]);
});

test.each([
  'https://instagram.com/anna_',
  'https://example.org/a*',
  'https://example.org/~',
  'https://medium.com/@anna',
  'https://example.vermögensberatung/a',
  'https://de.wikipedia.org/wiki/Köln',
  'https://ja.wikipedia.org/wiki/日本',
  'https://ja.wikipedia.org/wiki/すし',
  'https://ja.wikipedia.org/wiki/C言語',
  'https://президент.рф/путь',
])('the whole of %s is the link', (address) => {
  expect(linkify(address)).toEqual([{ text: address, href: new URL(address).href }]);
});

/** Some of the built-in languages put no space between a link and the text after it. */
test.each([
  ['日本 http://例え.jp/道。', 'http://例え.jp/道'],
  ['（https://example.com/a）', 'https://example.com/a'],
  ['「https://example.com/a」と', 'https://example.com/a'],
  ['https://example.com/a』と', 'https://example.com/a'],
  ['https://example.com、次', 'https://example.com'],
  ['https://example.com/a。次', 'https://example.com/a'],
  ['https://example.com/a！次', 'https://example.com/a'],
  ['https://example.com/aを見て', 'https://example.com/a'],
  ['https://example.com/?a=%E3%81%82です', 'https://example.com/?a=%E3%81%82'],
  ['https://example.comを見て', 'https://example.com'],
  ['https://example.com/a…', 'https://example.com/a'],
  ['https://example.com، و', 'https://example.com'],
  ['https://example.comو', 'https://example.com'],
  ['https://example.com/a؛ و', 'https://example.com/a'],
  ['www.example.com؟', 'www.example.com'],
  ['«https://example.com/a»', 'https://example.com/a'],
  ['»https://example.com/a«', 'https://example.com/a'],
  ['„https://example.com/a“', 'https://example.com/a'],
  ['https://example.com_ https', 'https://example.com'],
  ['https://example.com*', 'https://example.com'],
  ['ann@example.comまで', 'ann@example.com'],
])('the link in %s ends where the sentence goes on', (text, link) => {
  expect(links(text)).toEqual([link]);
});

/** A part of an address may be somebody else's address, so it must not become a link. */
test.each([
  'jörg@example.de',
  'anna.müller@firma.de',
  'jose\u0301@example.com',
  "o'brien@example.com",
  'o’brien@example.com',
  'a/b@example.com',
  `${'a'.repeat(65)}@example.com`,
  'ann@example.comé',
  'ann@example.com.müller',
  'ann@example.com@example.org',
  '@user@mastodon.social',
  'more.www.example.org',
  'ftp://www.example.org',
])('a part of %s is no link', (text) => {
  expect(links(text)).toEqual([]);
});

test.each(['!', ')', '(', "a'", '.com', '.com_', 'を', 'a.', 'a@', '@a.a', 'https://'])(
  'a text of many %s takes no longer than its length',
  (part) => {
    for (const start of ['', 'https://example.org/', 'https://example', 'ann@']) {
      const began = performance.now();
      linkify(`${start}${part.repeat(50_000)}é`);
      expect(performance.now() - began).toBeLessThan(2_000);
    }
  },
);

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
