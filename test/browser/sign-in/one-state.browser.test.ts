import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clickSignIn, continueAs, says, signedInAs } from './person.ts';
import { endSession, type Site } from './site.ts';
import { listenAsAuthor, type Told } from './told.ts';
import { useVisits } from './visit.ts';

let site: Site;
let context: BrowserContext;
let page: Page;
let told: Told;

useVisits(async (visit) => {
  ({ site, context, page } = visit);
  told = await listenAsAuthor(page);
});
afterEach(() => {
  site.api.refuses = false;
  site.issuer.tokenSeconds = 3_600;
});

const live = () => page.locator('.status[data-state=live]').waitFor();
const signInButton = () => page.getByRole('button', { name: 'Sign in', exact: true });
const user = () => page.evaluate(() => document.querySelector('shout-box')!.user);

/** Checks that the box is live, and that neither the box nor the page sees anybody signed in. */
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
    // The first request signs in, and the others renew the token. Only their order tells them apart, because Firefox's
    // driver does not give their bodies.
    let tokens = 0;
    await context.route(`${site.issuer.url}/token`, (route) => {
      if (route.request().method() !== 'POST' || tokens++ === 0) return route.continue();
      return endSession(route);
    });
    const popup = await clickSignIn(page);
    await continueAs(popup, 'alice');
    await signedInAs(page, 'alice');
    await says(page, 'You have been signed out. Please sign in again.');
    await isGuest();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['tab', () => page.reload()],
    [
      'no',
      () =>
        page.evaluate(() => {
          for (const type of ['pagehide', 'pageshow']) {
            window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
          }
        }),
    ],
  ])(
    'remember=%s: where the issuer is out of reach when the token has expired, the feed can be read meanwhile',
    async (remember, comeBack) => {
      site.issuer.tokenSeconds = 3;
      await page.goto(`${site.listed}?remember=${remember}`);
      // Number of token requests that are let through. The first is the sign-in. A session that is stored is also
      // renewed at once (`TokenSession.begin`), so its second request is let through, too.
      const answered = remember === 'no' ? 1 : 2;
      let [tokens, refused, answers] = [0, 0, false];
      await context.route(`${site.issuer.url}/token`, (route) => {
        if (answers || route.request().method() !== 'POST' || tokens++ < answered) return route.continue();
        refused ||= Date.now();
        return route.abort();
      });
      const popup = await clickSignIn(page);
      await continueAs(popup, 'alice');
      await signedInAs(page, 'alice');
      // A token is valid for 3 s, and the box renews it after at least 2 s. So the token has expired 1 s after the
      // refused renewal.
      const isOver = () => refused > 0 && Date.now() - refused > 2_000;
      await expect.poll(isOver, { timeout: 20_000 }).toBe(true);
      site.api.guestPings = 0;
      await comeBack();
      await message();
      await expect.poll(() => site.api.guestPings).toBeGreaterThan(0);
      await live();
      await signedInAs(page, 'alice');
      await page.getByRole('button', { name: 'Send' }).waitFor();
      expect(await signInButton().count()).toBe(0);
      expect(await told.errors()).toEqual([]);
      const { identified } = site.api;
      answers = true;
      await expect.poll(() => site.api.identified, { timeout: 40_000 }).toBeGreaterThan(identified);
      await signedInAs(page, 'alice');
    },
  );
});

/** Returns a token as the page's server might give one. Its signature is wrong, but `site.api` does not verify it. */
const tokenOf = (claims: object) => {
  const payload = { iss: site.issuer.url, aud: site.config.audience, sub: 's', name: 'zoe', exp: 2e9, ...claims };
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;
};
const message = () => page.getByText('Hello from bob').waitFor();
/** Waits until a guest's socket has been open for five seconds, which its second ping shows (`guestPings`). */
const staysLive = () => expect.poll(() => site.api.guestPings, { timeout: 20_000 }).toBeGreaterThan(1);

/**
 * Opens a page and gives its box this `getToken`. Then changes the room, so that the box starts anew and uses the
 * function. The page counts the calls of `getToken` in `calls`.
 */
async function openWith(getToken: string): Promise<void> {
  await page.goto(site.listed);
  await page.evaluate(`{
    window.calls = 0;
    const getToken = ${getToken};
    const box = document.querySelector('shout-box');
    box.getToken = (refused) => { calls++; return getToken(refused); };
    box.room = 'another';
  }`);
}
/**
 * Maximum number of calls of `getToken` before the box gives up. The actual number varies, because a request, a socket
 * and a renewal can be refused at the same time, and their answers can overtake each other.
 */
const MAX_CALLS = 10;
const calls = () => page.evaluate(() => (window as unknown as { calls: number }).calls);

describe('a page whose getToken gives what the server refuses', () => {
  beforeEach(() => {
    site.api.refuses = true;
    site.api.guestPings = site.api.identified = 0;
  });
  afterEach(() => {
    site.config.guests = true;
  });

  test.each<[string, () => unknown, string]>([
    ['an expired token', () => tokenOf({ exp: 1_000_000_000 }), 'it ended at 2001-09-09T01:46:40.000Z.'],
    ['a bad signature', () => tokenOf({}), 'its signature or a claim that the server wants is wrong.'],
    [
      'another issuer’s token',
      () => tokenOf({ iss: 'https://other.example' }),
      'its `iss` is https://other.example, not',
    ],
    ['an opaque string', () => 'opaque', 'it is no JWT.'],
    ['a number', () => 42, 'getToken failed: it gave 42'],
  ])('%s: has guests who read, and is told once', async (_, make, why) => {
    await openWith(`async () => (${JSON.stringify(make())})`);
    await message();
    await live();
    await staysLive();
    expect(await user()).toBeUndefined();
    expect(await told.errors()).toEqual([{ code: 'misconfigured', message: expect.stringContaining(why) }]);
    expect(told.console).toEqual([expect.stringMatching(/^<shout-box>: getToken /)]);
    expect(await page.locator('.note').filter({ hasText: /./ }).count(), 'no sentence to a guest who reads').toBe(0);
    expect(await calls()).toBeLessThanOrEqual(MAX_CALLS);
    expect(site.api.identified).toBeLessThanOrEqual(8);
  });

  test('ever new ones: the same', async () => {
    await openWith(`async () => 'opaque' + calls`);
    await message();
    await staysLive();
    expect(await told.errors()).toHaveLength(1);
    expect(await calls()).toBeLessThanOrEqual(MAX_CALLS);
  });

  test('where guests may not read, says one sentence', async () => {
    site.config.guests = false;
    await openWith(`async () => ${JSON.stringify(tokenOf({ exp: 1 }))}`);
    await page.locator('.status[data-state=signed-out]').waitFor();
    await expect.poll(told.errors).toHaveLength(1);
    expect(await page.getByText('Sign in to read along').count()).toBe(1);
    expect(await page.locator('.note').filter({ hasText: /./ }).count()).toBe(0);
    expect(await calls()).toBeLessThanOrEqual(MAX_CALLS);
  });

  test('has its person when somebody signs in there, or when the page sets another function', async () => {
    await openWith(`async () => calls < 6 ? 'opaque' : ${JSON.stringify(tokenOf({ name: 'yan' }))}`);
    await staysLive();
    expect(await told.errors()).toHaveLength(1);
    site.api.refuses = false;
    await page.evaluate(() => {
      Object.assign(window, { calls: 6 });
      return document.querySelector('shout-box')!.signIn();
    });
    await expect.poll(async () => (await user())?.name).toBe('yan');
    await page.evaluate((token) => {
      document.querySelector('shout-box')!.getToken = async () => token;
    }, tokenOf({}));
    await expect.poll(async () => (await user())?.name).toBe('zoe');
    await live();
  });
});

test('a page whose getToken gives no answer has guests who read, is told once, and has its person when the answer comes', async () => {
  site.api.guestPings = 0;
  await openWith(`() => new Promise((resolve) => { window.answer = resolve; })`);
  await message();
  expect(await told.errors(), 'history does not wait for the token').toEqual([]);
  await live();
  await staysLive();
  const late = 'getToken gave no answer within 10 seconds';
  expect(await told.errors()).toEqual([{ code: 'misconfigured', message: late }]);
  expect(told.console).toEqual([`<shout-box>: ${late}`]);
  expect(await calls()).toBe(1);
  await page.evaluate((token) => (window as unknown as { answer: (token: string) => void }).answer(token), tokenOf({}));
  await expect.poll(async () => (await user())?.name).toBe('zoe');
  expect(await calls()).toBe(1);
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
    const token = tokenOf({});
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
