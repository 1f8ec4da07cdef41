import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { COME_TO, ERRORS, NEVER_GIVEN, NOT_NEEDED, OUR_OWN_AFFAIR, slimmed } from './slim-oauth.ts';

const library = readFileSync(createRequire(import.meta.url).resolve('oauth4webapi'), 'utf8');
const slim = slimmed(library, parseSync('oauth4webapi.js', library).program);

/** The sign-in flows run with the slim library as well: the project `slim` in vitest.config.ts. */
test.each([...OUR_OWN_AFFAIR, ...Object.keys(ERRORS), ...Object.keys(COME_TO)])('the library still has %s', (name) => {
  expect(library).toMatch(new RegExp(`\\b(function ${name}\\(|class ${name}\\b)`));
});

test.each([...NOT_NEEDED])('the library still looks for %s, and the slim one does not', (name) => {
  expect(library).toMatch(new RegExp(`\\.${name}\\b`));
  expect(slim).not.toMatch(new RegExp(`\\.${name}\\b`));
});

test.each([...NEVER_GIVEN])('the library still has an option %s, and the slim one does not read it', (name) => {
  const read = new RegExp(`\\b(options|client)\\??\\.\\[?${name}\\b`);
  expect(library).toMatch(read);
  expect(slim).not.toMatch(read);
});

test('an error says its code instead of a sentence, and is thrown as often as before', () => {
  const errors = (code: string) => code.match(/\bthrow OPE\(/g)!.length;
  const neverAsked = 1; // for `max_age`
  expect(errors(slim)).toBe(errors(library) - neverAsked);
  expect(library).toContain(`OPE('unexpected "iss" (issuer) response parameter value', INVALID_RESPONSE`);
  expect(slim).toContain('OPE(INVALID_RESPONSE)');
  expect(slim).not.toMatch(/OPE\(['`]/);
});
