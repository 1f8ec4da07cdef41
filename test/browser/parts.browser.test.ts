import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, type TestBrowser } from './browser.ts';
import { serveBuilt } from './built.ts';
import { servePages } from './pages.ts';

// The box loads some of its parts (composer, languages, sign-in) from separate files. In each of these tests, one of
// these files is unreachable for a while.

let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  page = await browser.newPage();
  await page.addInitScript(() => {
    const failures: string[] = [];
    addEventListener('shout-error', (event) => {
      const { code } = (event as CustomEvent<{ code: string }>).detail;
      // Leaves out `misconfigured`, which the box reports in all of these tests because it reaches no server.
      if (code !== 'misconfigured') failures.push(code);
    });
    Object.assign(window, { failures });
  });
  await page.route(/\/config$/, (route) => route.abort());
});

const failures = () => page.evaluate(() => (window as unknown as { failures: string[] }).failures);

/** Lets the first `times` requests for a file fail. @returns the requested addresses, to which each request adds one */
async function cutOff(file: RegExp, times: number): Promise<string[]> {
  const asked: string[] = [];
  await page.route(file, (route) => {
    asked.push(route.request().url());
    return asked.length <= times ? route.abort() : route.continue();
  });
  return asked;
}

describe.each([
  ['as served from source', () => servePages(), 'embed.html?lang=de'],
  [
    'as built',
    () =>
      serveBuilt('<!doctype html><shout-box lang="de"></shout-box><script type="module" src="shout-box.js"></script>'),
    '',
  ],
] as const)('%s', (_, serve, path) => {
  let pages: Awaited<ReturnType<typeof servePages>>;
  beforeAll(async () => {
    pages = await serve();
  });
  afterAll(() => pages?.close());

  test('the composer comes after an outage, which is told once', async () => {
    const asked = await cutOff(/(writing\/|box-)writing[^/]*\.[jt]s/, 2);
    await page.goto(`${pages.url}${path}`);
    await expect.poll(failures).toEqual(['unavailable']);
    for (let i = 0; i < 20; i++) await page.evaluate(() => document.querySelector('shout-box')!.requestUpdate());
    await page.getByRole('textbox').or(page.locator('.composer button')).first().waitFor();
    expect(await failures()).toEqual(['unavailable']);
    expect(asked).toHaveLength(3);
    expect(new Set(asked).size).toBe(3);
  });

  test('English stands in for a language that is out of reach, until it comes', async () => {
    let reachable = false;
    await page.route(/\bde\.[jt]s/, (route) => (reachable ? route.continue() : route.abort()));
    await page.goto(`${pages.url}${path}`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await failures()).toEqual(['unavailable']);
    reachable = true;
    await page.getByRole('button', { name: 'Anmelden' }).waitFor();
    expect(await failures()).toEqual(['unavailable']);
  });

  test('a click signs in also where its file comes at the second attempt only', async () => {
    const asked = await cutOff(/(sign-in\/|box-)sign-in[^/]*\.[jt]s/, 1);
    await page.goto(`${pages.url}${path}`);
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await popup;
    await expect.poll(() => asked).toHaveLength(2);
    expect(asked[1]).toContain('retry=1');
  });
});
