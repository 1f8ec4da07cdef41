import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import type { TestBrowser } from '../browser.ts';
import { clickSignIn, consentTo, continueAs, says, signedInAs } from './person.ts';
import type { Site } from './site.ts';
import { useVisits } from './visit.ts';

/**
 * Replaces Playwright's `--disable-features`, which would turn off the partitioning of storage by top-level site.
 * Browsers partition storage by default. Chromium uses only the last `--disable-features`.
 */
const PARTITIONED = '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable';

let site: Site;
let browser: TestBrowser;
let page: Page;

useVisits(
  (visit) => {
    ({ site, browser, page } = visit);
  },
  [PARTITIONED],
);
afterEach(() => {
  site.issuer.severs = false;
});

/** Makes `window.open` return null, like a browser that blocks popups. */
const blockPopups = () =>
  page.addInitScript(() => {
    window.open = () => null;
  });

test('on a listed site one click and the issuer’s page sign a person in', async () => {
  await page.goto(site.listed);
  const popup = await clickSignIn(page);
  const closed = popup.waitForEvent('close');
  await continueAs(popup, 'alice');
  await closed;
  await signedInAs(page, 'alice');
});

test('an issuer that cuts the window off from its opener signs a person in all the same', async () => {
  site.issuer.severs = true;
  await page.goto(site.listed);
  const popup = await clickSignIn(page);
  const closed = popup.waitForEvent('close');
  await continueAs(popup, 'alice');
  await closed;
  await signedInAs(page, 'alice');
  expect(await page.locator('.note').textContent()).not.toContain('Waiting');
});

test('a site that cuts itself off from its windows is asked about by its address, and the sign-in arrives', async () => {
  await page.goto(site.cooped);
  const popup = await clickSignIn(page);
  await popup.getByText(site.cooped, { exact: true }).waitFor();
  const closed = popup.waitForEvent('close');
  await consentTo(popup);
  await continueAs(popup, 'alice');
  await closed;
  await signedInAs(page, 'alice');
});

test('where windows are blocked, a listed page goes to the issuer itself and is signed in when it is back', async () => {
  await blockPopups();
  const address = site.config.returnPages![0]!;
  await page.goto(`${address}#chapter-2`);
  await clickSignIn(page, { popup: false });
  await continueAs(page, 'alice');
  await signedInAs(page, 'alice');
  expect(page.url(), 'the code leaves the address and the fragment comes back').toBe(`${address}#chapter-2`);
  await page.reload();
  expect(await page.evaluate(() => sessionStorage.getItem('shout-box:redirect'))).toBeNull();
});

test('where windows are blocked, the person agrees to the full address of any other page, of a listed site too', async () => {
  await blockPopups();
  const address = `${site.listed}blog?post=1`;
  await page.goto(address);
  await clickSignIn(page, { popup: false });
  await page.getByText(address, { exact: true }).waitFor();
  await consentTo(page);
  await continueAs(page, 'alice');
  await signedInAs(page, 'alice');
});

test('in a frame, a window that keeps its opener signs a person in', async () => {
  await page.goto(site.framing);
  const popup = await clickSignIn(page.frameLocator('iframe'), { page });
  const closed = popup.waitForEvent('close');
  await continueAs(popup, 'alice');
  await closed;
  await signedInAs(page.frameLocator('iframe'), 'alice');
});

test('framed and cut off, the box says so and links to the page itself, where signing in works', async () => {
  site.issuer.severs = true;
  await page.goto(site.framing);
  const frame = page.frameLocator('iframe');
  const popup = await clickSignIn(frame, { page });
  await says(frame, 'If the sign-in window does not come back to this frame');
  expect(await frame.getByRole('link', { name: 'Open it' }).getAttribute('href')).toBe(
    `${site.host}/embed.html?lang=en`,
  );
  await continueAs(popup, 'alice');
  await says(popup, 'The sign-in did not reach the page that began it. Sign in here instead.');
  const own = await clickSignIn(popup);
  const closed = own.waitForEvent('close');
  await continueAs(own, 'alice');
  await closed;
  await signedInAs(popup, 'alice');
});

test('framed with windows blocked, the box says so and links to the page itself', async () => {
  await blockPopups();
  await page.goto(site.framing);
  const frame = page.frameLocator('iframe');
  await clickSignIn(frame, { popup: false });
  await says(frame, 'Your browser blocked the sign-in window');
  await frame.getByRole('link', { name: 'Open it' }).waitFor();
});

test('a window that is closed before it went to the issuer is said to be closed', async () => {
  await page.goto(site.stranger);
  const popup = await clickSignIn(page);
  await popup.getByRole('button', { name: 'Continue' }).waitFor();
  await popup.close();
  await says(page, 'The sign-in window was closed.');
});

test('a window that looks closed at the issuer is waited for, and the person is told what to do where they closed it', async () => {
  await page.goto(site.listed);
  const popup = await clickSignIn(page);
  await popup.getByRole('button', { name: 'Continue as alice' }).waitFor();
  await popup.close();
  await says(page, 'Waiting for the sign-in window. If you closed it, sign in again.');
  const again = await clickSignIn(page);
  const closed = again.waitForEvent('close');
  await continueAs(again, 'alice');
  await closed;
  await signedInAs(page, 'alice');
  expect(await page.locator('.note').textContent()).not.toContain('Waiting');
});

test('in a language from right to left the address begins where the question does, and reads from left to right', async () => {
  const arabic = await browser.newContext({ locale: 'ar' });
  const asking = await arabic.newPage();
  const question = new URLSearchParams({ way: 'redirect', page: site.stranger, challenge: 'c'.repeat(43) });
  await asking.goto(`${site.host}/sign-in.html#${question}`);
  const address = asking.getByText(site.stranger, { exact: true });
  await address.waitFor();
  const right = (element: Element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().right;
  };
  expect(await address.evaluate(right)).toBeCloseTo(await asking.getByRole('heading').evaluate(right), 0);
  expect(await address.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
  await arabic.close();
});
