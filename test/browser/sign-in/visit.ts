import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { type Site, startSite } from './site.ts';

export interface Visit {
  site: Site;
  browser: TestBrowser;
  /** A new browser context: no cookies and an empty `localStorage`. */
  context: BrowserContext;
  page: Page;
}

/**
 * Starts a site and a browser for the tests of one file, and opens a page in a new context for each test.
 *
 * @param begin runs before each test
 * @param chromiumArguments as for `launchBrowser`
 */
export function useVisits(begin: (visit: Visit) => unknown, chromiumArguments: readonly string[] = []): void {
  let site: Site;
  let browser: TestBrowser;
  let context: BrowserContext;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), launchBrowser(chromiumArguments)]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en' });
    await begin({ site, browser, context, page: await context.newPage() });
  });
  afterEach(() => context.close());
}
