import { expect, it } from 'vitest';
import { countGraphemes } from './graphemes.ts';

it('a family is one character', () => {
  expect(countGraphemes('👩‍👩‍👧é')).toBe(2);
});
