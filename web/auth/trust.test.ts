import { beforeEach, expect, test, vi } from 'vitest';
import { agree, isTrusted } from './trust.ts';

const OWN = 'https://widget.example';
const none = () => Promise.reject(new Error('404'));

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

test('a page of the same origin may have the answer', async () => {
  expect(await isTrusted(OWN, OWN, none)).toBe(true);
});

test('a page of an origin the operator listed may have it', async () => {
  expect(await isTrusted('https://site.example', OWN, async () => ['https://site.example'])).toBe(true);
});

test.each<[string, () => Promise<unknown>]>([
  ['not listed', async () => ['https://site.example']],
  ['listed by a part of its name', async () => ['https://evil.example.com', 'evil.example']],
  ['listed by a star', async () => ['*']],
  ['without a list', none],
  ['with a list that is none', async () => 'https://evil.example'],
])('a page of any other origin may not: %s', async (_, listed) => {
  expect(await isTrusted('https://evil.example', OWN, listed)).toBe(false);
});

test('one the person agreed to may have it from then on, and no other', async () => {
  agree('https://site.example');
  agree('https://blog.example');
  expect(await isTrusted('https://site.example', OWN, none)).toBe(true);
  expect(await isTrusted('https://blog.example', OWN, none)).toBe(true);
  expect(await isTrusted('https://evil.example', OWN, none)).toBe(false);
});

test.each(['no JSON', '{"0":"https://evil.example"}'])(
  'what else may be stored there (%s) is agreement to nothing',
  async (kept) => {
    localStorage.setItem('shout-box:trusted', kept);
    expect(await isTrusted('https://evil.example', OWN, none)).toBe(false);
  },
);

test('without storage nothing is remembered, and nothing breaks', async () => {
  vi.stubGlobal('localStorage', undefined);
  agree('https://site.example');
  expect(await isTrusted('https://site.example', OWN, none)).toBe(false);
});
