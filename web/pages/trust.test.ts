import { expect, test } from 'vitest';
import { isAllowed, unlisted } from './trust.ts';

const OWN = 'https://widget.example/sign-in.html';
const PAGE = 'https://site.example/blog';
const none = { origins: [], returnPages: [], agreed: [] };

test.each([
  ['our own', 'https://widget.example', none],
  ['listed', 'https://site.example', { ...none, origins: ['https://site.example'] }],
  ['agreed to', 'https://site.example', { ...none, agreed: ['https://site.example'] }],
])('an opener of an origin that is %s signs in without a question', (_, origin, lists) => {
  expect(unlisted({ origin, page: `${origin}/blog` }, OWN, lists)).toBeUndefined();
});

test.each([
  ['nothing is listed', none],
  ['another scheme is', { ...none, origins: ['http://site.example'] }],
  ['another port is', { ...none, origins: ['https://site.example:8443'] }],
  ['a part of its name is', { ...none, origins: ['https://example', 'site.example'] }],
  ['any origin may embed the box', { ...none, origins: ['*'] }],
  ['its page is, but for a redirect', { ...none, returnPages: [PAGE], agreed: [PAGE] }],
])('any other opener is asked about by its origin: %s', (_, lists) => {
  expect(unlisted({ origin: 'https://site.example', page: PAGE }, OWN, lists)).toBe('https://site.example');
});

test.each([
  ['listed exactly', PAGE, { ...none, returnPages: [PAGE] }],
  ['agreed to', PAGE, { ...none, agreed: [PAGE] }],
  ['embed.html beside this one', 'https://widget.example/embed.html?room=x', none],
])('a page without an opener that is %s receives a sign-in without a question', (_, page, lists) => {
  expect(unlisted({ page }, OWN, lists)).toBeUndefined();
});

test.each([
  ['of a listed origin', `${PAGE}?to=https://evil.example`, { ...none, origins: ['https://site.example'] }],
  ['of an origin that was agreed to', PAGE, { ...none, agreed: ['https://site.example'] }],
  ['that a listed address begins', `${PAGE}/leave`, { ...none, returnPages: [PAGE] }],
  ['with another query than a listed one', `${PAGE}?a=1`, { ...none, returnPages: [PAGE, `${PAGE}?a=2`] }],
  ['that is only an origin', 'https://site.example/', { ...none, agreed: ['https://site.example'] }],
  ['of our own host', 'https://widget.example/leave?to=https://evil.example', none],
  ['of our own host in another place', 'https://widget.example/x/embed.html', none],
  ['of another host with our name', 'https://widget.example.evil.example/embed.html', none],
])('any other page without an opener is asked about by its full address: %s', (_, page, lists) => {
  expect(unlisted({ page }, OWN, lists)).toBe(page);
});

test.each([
  ['our own', 'https://widget.example', none],
  ['listed', 'https://site.example', { ...none, origins: ['https://site.example'] }],
  ['any, where any may connect', 'https://site.example', { ...none, origins: ['*'] }],
  [
    'of this machine, where its ports may connect',
    'http://localhost:8080',
    { ...none, origins: ['http://localhost:*'] },
  ],
])('a page may sign people in if its origin is %s, with an opener and without', (_, origin, lists) => {
  expect(isAllowed({ origin, page: `${origin}/blog` }, OWN, lists)).toBe(true);
  expect(isAllowed({ page: `${origin}/blog` }, OWN, lists)).toBe(true);
});

test('a page without an opener may if its address is listed exactly; its origin may not', () => {
  const lists = { ...none, returnPages: [PAGE] };
  expect(isAllowed({ page: PAGE }, OWN, lists)).toBe(true);
  expect(isAllowed({ page: `${PAGE}/leave` }, OWN, lists)).toBe(false);
  expect(isAllowed({ origin: 'https://site.example', page: PAGE }, OWN, lists)).toBe(false);
});

test.each([
  ['nothing is listed', none],
  ['another one is', { ...none, origins: ['https://other.example', 'http://localhost:*'] }],
  [
    'the person has agreed, before the operator took it off the list',
    { ...none, agreed: ['https://site.example', PAGE] },
  ],
])('no other page may, and nobody is asked about it: %s', (_, lists) => {
  expect(isAllowed({ origin: 'https://site.example', page: PAGE }, OWN, lists)).toBe(false);
  expect(isAllowed({ page: PAGE }, OWN, lists)).toBe(false);
});
