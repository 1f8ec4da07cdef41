import { expect, test } from 'vitest';
import { firstGrapheme, isJumbo } from './graphemes.ts';

test('a family is one character', () => {
  expect(firstGrapheme('👩‍👩‍👧x')).toBe('👩‍👩‍👧');
  expect(firstGrapheme('')).toBe('');
});

test.each(['🎉', '🎉 🎉', '👩‍👩‍👧👍🏽', ' 🇯🇵 '])('%j is shown large', (text) => expect(isJumbo(text)).toBe(true));
test.each(['', ' ', 'a', '🎉!', '1', '#', '🎉🎉🎉🎉🎉🎉'])('%j is not', (text) => expect(isJumbo(text)).toBe(false));
