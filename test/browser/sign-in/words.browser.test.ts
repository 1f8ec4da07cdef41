import type { BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { says, signedInAs, signInAs, signOut } from './person.ts';
import { type Site, startSite } from './site.ts';

let site: Site;
let browser: TestBrowser;
let context: BrowserContext;
let page: Page;

/** What the issuer's token endpoint does. */
let issuer: 'answers' | 'is unreachable' | 'has ended the session';
const HEADERS = { 'Access-Control-Allow-Origin': '*' };
const answers: Record<typeof issuer, (route: Route) => Promise<void>> = {
  answers: (route) => route.continue(),
  'is unreachable': (route) => route.abort(),
  'has ended the session': (route) =>
    route.fulfill({ status: 400, headers: HEADERS, json: { error: 'invalid_grant' } }),
};

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en' });
  issuer = 'answers';
  await context.route(`${site.issuer.url}/token`, (route) => answers[issuer](route));
  page = await context.newPage();
  site.api.posted = [];
  site.api.hears = true;
});
afterEach(() => context.close());

async function write(on: Page, text: string): Promise<void> {
  await on.getByRole('textbox').fill(text);
  await on.getByRole('button', { name: 'Send' }).click();
}

const shows = (on: Page, text: string) => on.getByText(text).count();

/** What the pages of this origin have stored of what was written. */
const stored = (on: Page) =>
  on.evaluate(() =>
    [localStorage, sessionStorage].flatMap((storage) =>
      Object.entries(storage)
        .filter(([key]) => /^shout-box:(outbox|draft)/.test(key))
        .map(([, value]) => String(value)),
    ),
  );

/** Alice signs in, her access token expires, and her next page can't renew it. */
async function openWithoutToken(): Promise<void> {
  await page.goto(site.listed);
  await signInAs(page, 'alice');
  // The renewal right after a sign-in would make the token good again.
  await page.waitForFunction(() => Object.values(sessionStorage).some((item) => String(item).includes('"refresh"')));
  issuer = 'is unreachable';
  await page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.startsWith('shout-box:session:'))!;
    const kept = JSON.parse(sessionStorage.getItem(key)!);
    sessionStorage.setItem(key, JSON.stringify({ ...kept, renewAt: 0, endsAt: 0 }));
  });
  await page.goto(`${site.listed}next`);
  await signedInAs(page, 'alice');
}

test('what a person wrote while their session ended is posted and shown as nobody else’s, and waits for them', async () => {
  await openWithoutToken();
  await write(page, 'private words');
  await page.getByText('Sending…').waitFor();
  issuer = 'has ended the session';
  await says(page, 'You have been signed out.');
  expect(await shows(page, 'private words')).toBe(0);
  issuer = 'answers';
  await signInAs(page, 'bob');
  await write(page, 'of bob');
  await expect.poll(() => site.api.posted).toEqual(['bob: of bob']);
  expect(await shows(page, 'private words')).toBe(0);
  await signOut(page);
  await signInAs(page, 'alice');
  await expect.poll(() => site.api.posted).toEqual(['bob: of bob', 'alice: private words']);
});

test('what a person wrote before there was a token outlives the page', async () => {
  await openWithoutToken();
  await write(page, 'private words');
  await page.getByText('Sending…').waitFor();
  await page.goto(`${site.listed}blank`);
  issuer = 'answers';
  await page.goto(site.listed);
  await expect.poll(() => site.api.posted).toEqual(['alice: private words']);
});

test('what a person wrote before the code of the sign-in was there outlives the page', async () => {
  await page.goto(site.listed);
  await signInAs(page, 'alice');
  const held = Promise.withResolvers<void>();
  await page.route('**/shout-box-sign-in-*.js', async (route) => {
    await held.promise;
    await route.continue();
  });
  // Firefox's `load` waits for the file, too.
  await page.goto(`${site.listed}next`, { waitUntil: 'domcontentloaded' });
  await write(page, 'private words');
  await page.getByText('Sending…').waitFor();
  expect(await stored(page)).toHaveLength(1);
  const left = page.goto(`${site.listed}blank`);
  held.resolve();
  await left;
  await page.goto(site.listed);
  await expect.poll(() => site.api.posted).toEqual(['alice: private words']);
});
