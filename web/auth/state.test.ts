import { expect, test } from 'vitest';
import { newState, readState } from './state.ts';

test.each([
  ['popup', 'https://example.com/blog/a?b=c'],
  ['redirect', 'http://127.0.0.1:5173/'],
  ['popup', 'https://example.com/ünï/日本?q=😀'],
] as const)('a state for a %s leads back to %s', (way, page) => {
  expect(readState(newState(way, page, 'r4nd-0m_'))).toEqual({ way, page: new URL(page) });
});

test('the fragment of the page stays at the page', () => {
  expect(readState(newState('popup', 'https://example.com/#secret', 'r'))?.page.href).toBe('https://example.com/');
});

test.each([
  null,
  '',
  'r4nd0m',
  `r.popup.${btoa('not an address')}`,
  `r.popup.${btoa('javascript:alert(1)').replaceAll('=', '')}`,
  `r.popup.${btoa('data:text/html,x').replaceAll('=', '')}`,
  `r.other.${btoa('https://example.com/').replaceAll('=', '')}`,
  `r.popup.${btoa('https://example.com/').replaceAll('=', '')}.more`,
  'r.popup._w',
])('%j is no state of ours', (state) => {
  expect(readState(state)).toBeUndefined();
});
