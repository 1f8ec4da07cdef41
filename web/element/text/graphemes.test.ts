import { expect, test } from 'vitest';
import { firstGrapheme, isJumbo } from './graphemes.ts';

test('a family is one character', () => {
  expect(firstGrapheme('👩‍👩‍👧x')).toBe('👩‍👩‍👧');
  expect(firstGrapheme('')).toBe('');
});

test.each(['🎉', '🎉 🎉', '👩‍👩‍👧👍🏽', ' 🇯🇵 '])('%j is shown large', (text) => expect(isJumbo(text)).toBe(true));
test.each(['❤️', '☝🏽', '1️⃣', '❤️‍🔥', '👩🏽‍❤️‍💋‍👨🏻', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🏳️‍⚧️'])('%j, a sequence, too', (text) =>
  expect(isJumbo(text)).toBe(true),
);
test('every character that is an emoji by itself, and no other', () => {
  const wrong: string[] = [];
  for (let point = 0; point <= 0x10_ffff; point++) {
    const text = String.fromCodePoint(point);
    if (isJumbo(text) !== /^\p{RGI_Emoji}$/v.test(text)) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});
test.each(['', ' ', 'a', '🎉!', '1', '#', '©', '🇯', '🇯🇵🇯', '🎉🎉🎉🎉🎉🎉'])('%j is not', (text) =>
  expect(isJumbo(text)).toBe(false),
);
