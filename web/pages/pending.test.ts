import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keep, take } from './pending.ts';

const pending = {
  state: 's1',
  nonce: 'n',
  challenge: 'c',
  page: 'https://site.example/',
  origin: 'https://site.example',
};
let kept: Map<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a sign-in is given once', () => {
  keep(pending);
  expect(take('s1')).toEqual(pending);
  expect(take('s1')).toBeUndefined();
});

test.each([null, '', 's2', 'undefined'])('the state %j gives nothing, and takes nothing away', (state) => {
  keep(pending);
  expect(take(state)).toBeUndefined();
  expect(take('s1')).toEqual(pending);
});

test.each([null, '', 'undefined'])('where nothing is kept, the state %j gives nothing', (state) => {
  expect(take(state)).toBeUndefined();
});

test('after ten minutes it is over', () => {
  keep(pending);
  vi.advanceTimersByTime(10 * 60_000);
  expect(take('s1')).toBeUndefined();
});

test('what else may be stored there is nothing', () => {
  kept.set('shout-box:pending', 'no JSON');
  expect(take('s1')).toBeUndefined();
});
