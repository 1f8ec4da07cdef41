import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser, type TestBrowser } from './browser.ts';
import { servePages } from './pages.ts';

let browser: TestBrowser;
let pages: Awaited<ReturnType<typeof servePages>>;
let page: Page;
const WRITING = /\/writing\/writing\.ts/;

beforeAll(async () => {
  [pages, browser] = await Promise.all([servePages(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 424, height: 620 } });
});

test('the feed does not wait for the composer, and does not move when it has come', async () => {
  const held = Promise.withResolvers<Route>();
  await page.route(WRITING, (route) => held.resolve(route));
  // Does not wait for `load`, because in Firefox this event also waits for the held composer.
  await page.goto(`${pages.url}gallery.html?scene=live`, { waitUntil: 'domcontentloaded' });
  const first = page.locator('.message').first();
  await first.waitFor();
  const route = await held.promise;
  expect(await page.getByRole('textbox').count()).toBe(0);
  const before = await first.boundingBox();
  await route.continue();
  await page.getByRole('textbox').waitFor();
  expect(await first.boundingBox()).toEqual(before);
});

test('where the composer cannot be had the box is one to read, says so, and tries again', async () => {
  await page.route(WRITING, (route) => route.abort(), { times: 1 });
  await page.addInitScript(() => {
    const failures: string[] = [];
    addEventListener('shout-error', (event) => failures.push((event as CustomEvent<{ code: string }>).detail.code));
    Object.assign(window, { failures });
  });
  await page.goto(`${pages.url}gallery.html?scene=live`);
  await page.locator('.message').first().waitFor();
  const failures = () => page.evaluate(() => (window as unknown as { failures: string[] }).failures);
  await expect.poll(failures).toEqual(['unavailable']);
  await page.getByRole('textbox').waitFor();
  expect(await failures()).toEqual(['unavailable']);
});

test('a box to read in never asks for it', async () => {
  let asked = 0;
  await page.route(WRITING, (route) => {
    asked++;
    return route.continue();
  });
  await page.goto(`${pages.url}gallery.html?scene=readonly`);
  await page.locator('html.settled').waitFor();
  expect(asked).toBe(0);
});
