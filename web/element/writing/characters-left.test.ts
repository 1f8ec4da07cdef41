import { expect, test } from 'vitest';
import { charactersLeft } from './characters-left.ts';

const limits = { textGraphemes: 500, textBytes: 2048 };

test('what is left shows from four fifths of the limit on, and goes below zero', () => {
  expect(charactersLeft('x'.repeat(300), limits)).toBeUndefined();
  expect(charactersLeft('x'.repeat(400), limits)).toBe(100);
  expect(charactersLeft('x'.repeat(503), limits)).toBe(-3);
});

test('a text of few characters and many bytes is too long as well', () => {
  const flag = '🏴󠁧󠁢󠁥󠁮󠁧󠁿';
  expect(charactersLeft(flag.repeat(73), limits)).toBeUndefined();
  expect(charactersLeft(flag.repeat(74), limits)).toBeLessThan(0);
});

test('three bytes in one UTF-16 unit do not slip past the limit', () => {
  expect(charactersLeft('語'.repeat(399), limits)).toBeUndefined();
  expect(charactersLeft('語'.repeat(690), { ...limits, textGraphemes: 1_000 })).toBeLessThan(0);
});
