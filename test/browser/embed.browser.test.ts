import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, type TestBrowser } from './browser.ts';
import { servePages } from './pages.ts';

let browser: TestBrowser;
let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  [pages, browser] = await Promise.all([servePages(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

test('the iframe page takes its choices from its address, but never its server', async () => {
  const page = await browser.newPage({ viewport: { width: 400, height: 500 } });
  const asked: string[] = [];
  await page.route(/\/config$/, (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  const choices =
    'room=backstage&theme=dark&lang=fr&readonly=&server=https://evil.example&callback=https://evil.example/c';
  await page.goto(`${pages.url}embed.html?${choices}`);
  const box = page.locator('shout-box');
  await box.locator('.box').waitFor();
  expect(await box.evaluate((element) => element.getAttributeNames().sort())).toEqual([
    'lang',
    'readonly',
    'room',
    'theme',
  ]);
  expect(await box.evaluate((element) => (element as HTMLElementTagNameMap['shout-box']).room)).toBe('backstage');
  expect(await page.getAttribute('html', 'lang')).toBe('fr');
  expect(await page.getByRole('textbox').count()).toBe(0);
  expect((await box.boundingBox())!.height).toBe(500);
  await expect.poll(() => asked[0]).toBe('http://localhost:3000/config');
});

test('in a frame that may open no windows, the box says what helps', async () => {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    window.open = () => null;
  });
  const body = '<!doctype html><iframe src="/embed.html?lang=en" width="400" height="500"></iframe>';
  await page.route('**/framing.html', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.route(/\/config$/, (route) => route.abort());
  await page.goto(`${pages.url}framing.html`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => frame.locator('.note').textContent()).toMatch(/^Your browser blocked the sign-in window/);
});
