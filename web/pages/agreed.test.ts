import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { agree, agreed, withdraw } from './agreed.ts';

let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

test('whom a person agrees to is remembered once, until they take it back', () => {
  agree('https://site.example');
  agree('https://blog.example');
  agree('https://site.example');
  expect(agreed()).toEqual(['https://blog.example', 'https://site.example']);
  withdraw('https://blog.example');
  expect(agreed()).toEqual(['https://site.example']);
});

test.each(['no JSON', '{"0":"https://evil.example"}', '[["https://evil.example"], null]'])(
  'what else may be stored there (%s) is agreement to nothing',
  (stored) => {
    kept.set('shout-box:agreed', stored);
    expect(agreed()).toEqual([]);
  },
);

test('without storage nothing is remembered, and nothing breaks', () => {
  vi.stubGlobal('localStorage', undefined);
  agree('https://site.example');
  expect(agreed()).toEqual([]);
});
