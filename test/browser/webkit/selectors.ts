import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';

const bundle = createRequire(import.meta.url).resolve('playwright-core/lib/coreBundle');

/**
 * The script that Playwright runs in each page to find elements by role, name and text, and to say whether they are
 * visible, enabled and still. It is not published as a package, so it is read out of the pinned `playwright-core`.
 */
export const injectedScript: string = (() => {
  const literal = /^ *source\d+ = ('(?:[^'\\\n]|\\.)*\bInjectedScript: \(\) => InjectedScript\b(?:[^'\\\n]|\\.)*');$/m;
  const found = literal.exec(readFileSync(bundle, 'utf8'))?.[1];
  if (!found) throw new Error('This version of playwright-core keeps its injected script elsewhere.');
  const options = JSON.stringify({
    ...{ isUnderTest: false, sdkLanguage: 'javascript', frameSeq: 0, testIdAttributeName: 'data-testid' },
    ...{ stableRafCount: 1, browserName: 'webkit', shouldPrependErrorPrefix: false, isUtilityWorld: false },
    customEngines: [],
  });
  const source = runInNewContext(found) as string;
  return `window.__found ??= (() => { const module = {}; ${source}
    return new (module.exports.InjectedScript())(globalThis, ${options}); })()`;
})();

export interface ByRole {
  name?: string | RegExp;
  exact?: boolean;
}

/** Builds selectors as Playwright's locators write them. */
export const selectors = {
  role: (role: string, { name, exact = false }: ByRole = {}) =>
    `internal:role=${role}${name === undefined ? '' : `[name=${quoted(name, exact)}]`}`,
  text: (text: string | RegExp, exact = false) => `internal:text=${quoted(text, exact)}`,
  hasText: (text: string | RegExp) => `internal:has-text=${quoted(text, false)}`,
  and: (other: string) => `internal:and=${JSON.stringify(other)}`,
  or: (other: string) => `internal:or=${JSON.stringify(other)}`,
  nth: (index: number) => `nth=${index}`,
};

function quoted(text: string | RegExp, exact: boolean): string {
  return text instanceof RegExp ? String(text) : `${JSON.stringify(text)}${exact ? 's' : 'i'}`;
}
