import { expect, test } from 'vitest';
import { addressed, answerIn } from './answer.ts';

test('an answer in an address comes out as it went in', () => {
  const odd = new URLSearchParams({ code: '#&=+ %ü', challenge: 'c' });
  const address = addressed('https://example.com/a?b#c', odd);
  expect(address).toMatch(/^https:\/\/example\.com\/a\?b#shout-box=/);
  expect(answerIn(new URL(address).hash)).toEqual(odd);
});

test.each(['', '#', '#chapter-2', '#shout-box', '#shout-box=%'])('%j holds no answer', (fragment) => {
  expect(answerIn(fragment)).toBeUndefined();
});
