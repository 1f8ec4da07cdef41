import { expect, test } from 'vitest';
import { keyOf } from './remembering.ts';

test('a slash at the end of an address makes no other sign-in', () => {
  expect(keyOf('https://api.example/')).toBe(keyOf('https://api.example'));
  expect(keyOf('https://api.example/prod//')).toBe(keyOf('https://api.example/prod'));
  expect(keyOf('https://api.example/prod')).not.toBe(keyOf('https://api.example'));
});
