import { expect, test } from 'vitest';
import { snippets } from './snippets.ts';

/**
 * For each page and language, the tests that run or check its snippets. shell.test.ts checks `npm` commands. An entry
 * with `by hand` says why no test can run some or all of the snippets.
 */
const COVERED: Readonly<Record<string, string>> = {
  'README.md html': 'test/browser/snippets.browser.test.ts',
  'README.md sh': 'test/snippets/shell.test.ts, test/e2e/conversation.test.ts',
  'README.md json': 'test/e2e/conversation.test.ts',
  'CONTRIBUTING.md sh': 'test/snippets/shell.test.ts',
  'docs/embedding.md html': 'test/browser/snippets.browser.test.ts',
  'docs/embedding.md css': 'test/browser/snippets.browser.test.ts',
  'docs/embedding.md js': 'test/browser/snippets.browser.test.ts, test/package/package.long.test.ts',
  'docs/embedding.md tsx': 'test/package/package.long.test.ts',
  'docs/embedding.md vue': 'test/package/package.long.test.ts',
  'docs/embedding.md sh': 'test/snippets/shell.test.ts, test/package/scratch-project.ts',
  'docs/protocol.md js': 'test/browser/snippets.browser.test.ts',
  'docs/local.md json': 'test/browser/snippets.browser.test.ts',
  'docs/local.md sh': 'test/snippets/shell.test.ts',
  'docs/guarantees.md sh': 'test/snippets/shell.test.ts',
  'docs/operations.md sh': 'test/snippets/shell.test.ts',
  'docs/cost.md sh': 'test/snippets/shell.test.ts',
  'docs/deploying.md sh': 'test/snippets/shell.test.ts; by hand: the AWS command line needs an account',
  'docs/deploying.md yaml': 'by hand: a certificate needs an account and a domain',
  ...Object.fromEntries(
    ['auth0', 'cognito', 'entra-id', 'keycloak'].flatMap((name) => [
      [`docs/sign-in/${name}.md yaml`, 'test/aws/sign-in.test.ts'],
      [`docs/sign-in/${name}.md sh`, "by hand: it needs the provider's own account"],
    ]),
  ),
};

test('every snippet of the documentation is run by a test, or says why not', () => {
  const found = new Set(snippets.map(({ page, language }) => `${page} ${language}`));
  expect([...found].sort()).toEqual(Object.keys(COVERED).sort());
});
