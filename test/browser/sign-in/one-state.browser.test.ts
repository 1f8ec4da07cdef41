import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, type TestBrowser } from '../browser.ts';
import { clickSignIn, continueAs, says, signedInAs } from './person.ts';
import { type Site, startSite } from './site.ts';
import { listenAsAuthor, type Told } from './told.ts';

let site: Site;
let browser: TestBrowser;
let context: BrowserContext;
let page: Page;
let told: Told;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en' });
  page = await context.newPage();
  told = await listenAsAuthor(page);
});
afterEach(async () => {
  site.api.refuses = false;
  site.issuer.tokenSeconds = 3_600;
  await context.close();
});

const live = () => page.locator('.status[data-state=live]').waitFor();
const signInButton = () => page.getByRole('button', { name: 'Sign in', exact: true });
const user = () => page.evaluate(() => document.querySelector('shout-box')!.user);

/** A guest who reads along, and nothing that says otherwise. */
async function isGuest(): Promise<void> {
  await live();
  await signInButton().waitFor();
  expect(await page.getByRole('button', { name: 'Signed in as' }).count()).toBe(0);
  expect(await user()).toBeUndefined();
}

describe('the box and its page say the same of who is signed in', () => {
  test('where the server refuses the token of a sign-in', async () => {
    site.api.refuses = true;
    await page.goto(site.listed);
    await live();
    const popup = await clickSignIn(page);
    await continueAs(popup, 'alice');
    await says(page, 'The server did not accept your sign-in. Please sign in again.');
    await isGuest();
    expect(await told.errors()).toContainEqual({ code: 'unauthenticated', message: 'The server refuses the token.' });
    await page.reload();
    await isGuest();
  });

  test('where the issuer has ended the session', async () => {
    site.issuer.tokenSeconds = 3;
    await page.goto(site.listed);
    // The first is the sign-in, the others renew. (Firefox's driver gives no bodies.)
    let tokens = 0;
    await context.route(`${site.issuer.url}/token`, (route) => {
      if (route.request().method() !== 'POST' || tokens++ === 0) return route.continue();
      return route.fulfill({
        status: 400,
        headers: { 'Access-Control-Allow-Origin': '*' },
        json: { error: 'invalid_grant' },
      });
    });
    const popup = await clickSignIn(page);
    await continueAs(popup, 'alice');
    await signedInAs(page, 'alice');
    await says(page, 'You have been signed out. Please sign in again.');
    await isGuest();
  });
});

describe('a page whose getToken does not work', () => {
  const HTML = '<!doctype html><title>Log in</title>';

  test.each<[string, () => Promise<string>, string]>([
    ['rejects', () => Promise.reject(new Error('HTTP 500')), 'getToken failed: Error: HTTP 500'],
    [
      'throws',
      () => {
        throw new TypeError('no session');
      },
      'getToken failed: TypeError: no session',
    ],
    ['gives a login page', async () => '<!doctype html><title>Log in</title>', `getToken failed: it gave ${HTML}`],
    ['gives a document', async () => ({ token: 'x' }) as unknown as string, 'getToken failed: it gave [object Object]'],
  ])('because it %s has guests, and is told once', async (_, getToken, message) => {
    await page.goto(site.listed);
    await page.evaluate(`document.querySelector('shout-box').getToken = ${getToken}`);
    await page.evaluate(() => {
      const box = document.querySelector('shout-box')!;
      box.room = 'another';
    });
    await live();
    expect(await user()).toBeUndefined();
    await expect.poll(told.errors).toEqual([{ code: 'misconfigured', message }]);
    expect(told.console).toEqual([`<shout-box>: ${message}`]);
  });

  test('has its person when it works again', async () => {
    const token = `e30.${Buffer.from(JSON.stringify({ iss: 'i', sub: 's', name: 'zoe', exp: 2e9 })).toString('base64url')}.c2ln`;
    await page.goto(site.listed);
    await page.clock.install();
    await page.evaluate((token) => {
      let asked = 0;
      document.querySelector('shout-box')!.getToken = async () => {
        if (asked++ === 0) throw new Error('HTTP 500');
        return token;
      };
    }, token);
    await expect.poll(told.errors).toHaveLength(1);
    await page.clock.runFor(31_000);
    await expect.poll(async () => (await user())?.name).toBe('zoe');
  });

  test('shows no sign-in of the box, which would not be the page’s', async () => {
    await page.goto(site.listed);
    await page.evaluate(() => {
      document.querySelector('shout-box')!.getToken = async () => undefined;
    });
    await page.getByRole('textbox').waitFor();
    await expect.poll(() => signInButton().count()).toBe(0);
  });
});
