import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { NEVER_GIVEN, OUR_OWN_AFFAIR, SENTENCES, slimmed } from './slim-oauth.ts';

const library = readFileSync(createRequire(import.meta.url).resolve('oauth4webapi'), 'utf8');
const slim = slimmed(library, parseSync('oauth4webapi.js', library).program);

test.each([...OUR_OWN_AFFAIR, ...Object.keys(SENTENCES)])('the library still has a function %s', (name) => {
  expect(library).toMatch(new RegExp(`\\bfunction ${name}\\(`));
});

test.each([...NEVER_GIVEN])('the library still has an option %s, and the slim one does not read it', (name) => {
  const read = new RegExp(`\\b(options|client)\\??\\.\\[?${name}\\b`);
  expect(library).toMatch(read);
  expect(slim).not.toMatch(read);
});

test('an error says its code instead of a sentence, and is thrown as often as before', () => {
  const errors = (code: string) => code.match(/\bthrow OPE\(/g)!.length;
  expect(errors(slim)).toBe(errors(library));
  expect(library).toContain(`OPE('unexpected "iss" (issuer) response parameter value', INVALID_RESPONSE`);
  expect(slim).toContain('OPE(INVALID_RESPONSE, INVALID_RESPONSE');
  expect(slim).not.toMatch(/OPE\(['`]/);
});
