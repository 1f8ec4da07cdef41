import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { continueAs, isOfferedSignIn, signedInAs, signInAs, signOut } from './person.ts';
import type { Site } from './site.ts';
import { useVisits } from './visit.ts';

let site: Site;
let context: BrowserContext;
let page: Page;

useVisits((visit) => {
  ({ site, context, page } = visit);
});
afterEach(() => {
  site.issuer.tokenSeconds = 3_600;
});

async function signIn(address: string, name = 'alice', on = page): Promise<void> {
  await on.goto(address);
  await signInAs(on, name);
}

const windowsOf = (context: BrowserContext) => context.pages().length;

/** Returns the local storage and the session storage of the page, as JSON. */
const stored = () =>
  page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));

async function openTab(address: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(address);
  return tab;
}

/** Opens the page's address in a second tab, which gets a copy of the session storage. */
async function duplicate(): Promise<Page> {
  const opened = context.waitForEvent('page');
  await page.evaluate(() => void window.open(location.href));
  return opened;
}

describe('by default', () => {
  test('a reload and the next page of the site stay signed in; another tab is not', async () => {
    await signIn(site.listed);
    await page.reload();
    await signedInAs(page, 'alice');
    await page.goto(`${site.listed}next`);
    await signedInAs(page, 'alice');
    expect(windowsOf(context), 'no window was needed').toBe(1);
    await isOfferedSignIn(await openTab(site.listed));
  });

  test('the next page does not ask to sign in while it gets ready', async () => {
    await signIn(site.listed);
    const held = Promise.withResolvers<void>();
    await page.route('**/shout-box-sign-in-*.js', async (route) => {
      await held.promise;
      await route.continue();
    });
    // Does not wait for `load`, because in Firefox this event also waits for the held file.
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.getByRole('button', { name: 'Send' }).waitFor();
    expect(await page.getByRole('button', { name: 'Sign in', exact: true }).count()).toBe(0);
    held.resolve();
    await signedInAs(page, 'alice');
  });

  test('a page of another site is a guest', async () => {
    await signIn(site.listed);
    await page.goto(site.stranger);
    await isOfferedSignIn(page);
  });

  test('signing out leaves no token, and the next page is a guest', async () => {
    await signIn(site.listed);
    await expect.poll(stored).toMatch(/refresh/);
    await signOut(page);
    await isOfferedSignIn(page);
    expect(await stored()).not.toMatch(/access|refresh/);
    await page.reload();
    await isOfferedSignIn(page);
  });

  test('signing out in a duplicated tab signs out the first', async () => {
    await signIn(site.listed);
    const copy = await duplicate();
    await signedInAs(copy, 'alice');
    await signOut(copy);
    await isOfferedSignIn(page);
  });
});

describe('signing out signs out a tab that shows no box at that moment', () => {
  /** Calls `enter`, which brings the tab to a page with a box. Checks that the box shows a guest and sends no token. */
  async function staysGuest(tab: Page, enter: () => Promise<unknown>): Promise<void> {
    const before = site.api.identified;
    await enter();
    await isOfferedSignIn(tab);
    await tab.locator('.status[data-state=live]').waitFor();
    expect(site.api.identified).toBe(before);
    expect(await tab.evaluate(() => document.querySelector('shout-box')!.user)).toBeUndefined();
  }

  test('a duplicated one, which opens the page later', async () => {
    await signIn(site.listed);
    const copy = await duplicate();
    await signedInAs(copy, 'alice');
    await page.goto(`${site.listed}blank`);
    await signOut(copy);
    await isOfferedSignIn(copy);
    await staysGuest(page, () => page.goto(site.listed));
    expect(await stored()).not.toMatch(/access|refresh/);
  });

  test.each(['tab', 'device', 'no'])('remember=%s: one that comes back to it', async (remember) => {
    const address = `${site.listed}?remember=${remember}`;
    await signIn(address);
    await page.goto(`${site.listed}blank`);
    const other = await context.newPage();
    if (remember === 'device') await other.goto(address);
    else await signIn(address, 'alice', other);
    await signedInAs(other, 'alice');
    await signOut(other);
    await isOfferedSignIn(other);
    // Goes back in a timer, because `evaluate` fails if the page is left during the call.
    await staysGuest(page, () => page.evaluate(() => void setTimeout(() => history.back())));
  });

  test('and whoever signs in again stays signed in', async () => {
    await signIn(site.listed);
    await signOut(page);
    await isOfferedSignIn(page);
    await signIn(site.listed);
    await page.reload();
    await signedInAs(page, 'alice');
  });
});

test('boxes of one server share a sign-in, also where the address of one ends in a slash', async () => {
  await page.goto(site.listed);
  await page.evaluate((server) => {
    const box = document.createElement('shout-box');
    box.setAttribute('server', `${server}/`);
    document.body.append(box);
  }, site.host);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Sign in', exact: true }).first().click();
  await continueAs(await opened, 'alice');
  const users = () => page.evaluate(() => Array.from(document.querySelectorAll('shout-box'), ({ user }) => user?.name));
  await expect.poll(users).toEqual(['alice', 'alice']);
  await page.reload();
  await signedInAs(page, 'alice');
  await page.evaluate((server) => {
    document.querySelector('shout-box')!.server = `${server}/`;
  }, site.host);
  await expect.poll(users).toEqual(['alice']);
});

test('remember=no: a reload is a guest, and no token is stored', async () => {
  await signIn(`${site.listed}?remember=no`);
  expect(await stored()).not.toMatch(/access|refresh/);
  await page.reload();
  await isOfferedSignIn(page);
});

describe('remember=device', () => {
  test('a second tab is signed in without a click, and one that was open before as well', async () => {
    const address = `${site.listed}?remember=device`;
    const before = await openTab(address);
    await isOfferedSignIn(before);
    await signIn(address);
    await signedInAs(before, 'alice');
    await signedInAs(await openTab(address), 'alice');
  });

  test('signing out in one tab signs out all', async () => {
    const address = `${site.listed}?remember=device`;
    await signIn(address);
    const others = [await openTab(address), await openTab(address)];
    for (const other of others) await signedInAs(other, 'alice');
    await signOut(others[0]!);
    for (const each of [page, ...others]) await isOfferedSignIn(each);
    await isOfferedSignIn(await openTab(address));
  });
});

test.each([
  ['a duplicated tab', '', duplicate],
  ['a second tab of the device', '?remember=device', () => openTab(`${site.listed}?remember=device`)],
])('%s and the first use each refresh token once, and stay signed in', async (_, query, openOther) => {
  site.issuer.tokenSeconds = 4;
  const used: string[] = [];
  const refused: number[] = [];
  context.on('response', (response) => {
    const request = response.request();
    if (request.url() !== `${site.issuer.url}/token` || request.method() !== 'POST') return;
    const token = new URLSearchParams(request.postData()!).get('refresh_token');
    if (token) used.push(token);
    if (!response.ok()) refused.push(response.status());
  });
  await signIn(`${site.listed}${query}`);
  const other = await openOther();
  await signedInAs(other, 'alice');
  const before = site.api.offered.length;
  // Each tab sends its renewed token to the server over its own socket, so two sockets mean that both tabs have
  // renewed.
  const tabs = () => new Set(site.api.offered.slice(before)).size;
  await expect.poll(tabs, { timeout: 40_000 }).toBeGreaterThanOrEqual(2);
  expect(new Set(used).size).toBe(used.length);
  expect(refused).toEqual([]);
  await Promise.all([page, other].map((each) => signedInAs(each, 'alice')));
});
