import { createHash, randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { refusesFrame } from '../browser.ts';
import { clickSignIn, consentTo, continueAs, signedInAs } from './person.ts';
import type { Site } from './site.ts';
import { useVisits } from './visit.ts';

/**
 * PKCE verifier of the stranger, who is the attacker in these tests. The stranger also has a page, and knows the
 * shoutbox's client ID and redirect URI.
 */
const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

let site: Site;
let context: BrowserContext;
let page: Page;
/** Every address that the visitor's pages have requested. */
let requested: string[];

useVisits((visit) => {
  ({ site, context, page } = visit);
  requested = [];
  context.on('request', (request) => requested.push(request.url()));
});
afterEach(() => {
  site.issuer.severs = false;
  site.issuer.tamper = undefined;
});

const askedIssuer = () => requested.some((url) => url.startsWith(`${site.issuer.url}/auth`));
const authorizationRequest = (parameters: Record<string, string> = {}) => {
  const url = new URL(`${site.issuer.url}/auth`);
  const request = {
    ...{ response_type: 'code', client_id: 'shout-box', redirect_uri: `${site.host}/callback.html` },
    ...{ scope: 'openid profile offline_access', resource: 'https://shout-box.example', nonce: 'theirs' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256', ...parameters },
  };
  for (const [name, value] of Object.entries(request)) url.searchParams.set(name, value);
  return url.href;
};

/**
 * Lets the stranger's page open the widget's sign-in page. When the sign-in page asks which page has opened it, the
 * stranger's page replies as a box would. Records in `window.heard` each message that the stranger's page receives.
 * @returns the sign-in page
 */
async function strangerOpens(stranger = site.stranger): Promise<Page> {
  await page.goto(`${stranger}blank`);
  const opened = page.waitForEvent('popup');
  await page.evaluate(
    ({ address, question }) => {
      const popup = window.open(address, 'stranger')!;
      window.addEventListener('message', ({ source, data, origin }) => {
        (window as unknown as { heard: unknown[] }).heard = [
          ...((window as unknown as { heard?: unknown[] }).heard ?? []),
          data,
        ];
        if (source === popup && data.type === 'shout-box:ask') popup.postMessage(question, origin);
      });
    },
    {
      address: `${site.host}/sign-in.html#way=popup&page=${stranger}&challenge=${challenge}`,
      question: { type: 'shout-box:asker', page: stranger, challenge },
    },
  );
  return opened;
}

describe('a stranger sends a visitor to the issuer with a PKCE challenge of their own, and our call-back', () => {
  test.each(['', 'made-up', 'r4nd0m.popup.aHR0cDovL2V2aWwuZXhhbXBsZS8'])(
    'the state %j gives nothing',
    async (state) => {
      await page.goto(authorizationRequest({ state }));
      await continueAs(page, 'bob');
      await page.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
      expect(page.url()).toBe(`${site.host}/callback.html`);
      expect(await page.getByRole('button').count()).toBe(0);
    },
  );

  test('through an open redirect on a listed origin: no code arrives there', async () => {
    const redirect = `${site.listed}leave?to=${encodeURIComponent(site.stranger)}`;
    await page.goto(`${site.host}/sign-in.html#${new URLSearchParams({ way: 'redirect', page: redirect, challenge })}`);
    await page.getByText(redirect, { exact: true }).waitFor();
    await page.keyboard.down('Enter');
    expect(askedIssuer()).toBe(false);
    await page.goto(authorizationRequest({ state: `x.redirect.${Buffer.from(redirect).toString('base64url')}` }));
    await continueAs(page, 'bob');
    await page.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
    expect(requested.filter((url) => url.startsWith(site.listed) || url.startsWith(site.stranger))).toEqual([]);
  });

  test('with the state of a sign-in that the visitor has begun in another window', async () => {
    await page.goto(site.listed);
    const popup = await clickSignIn(page);
    await popup.getByRole('button', { name: 'Continue as alice' }).waitFor();
    const state = new URL(requested.find((url) => url.startsWith(`${site.issuer.url}/auth`))!).searchParams.get(
      'state',
    )!;
    const other = await context.newPage();
    await other.goto(authorizationRequest({ state }));
    await continueAs(other, 'bob');
    await other.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
  });
});

describe('a state works once', () => {
  test('the same answer again gives nothing', async () => {
    site.issuer.severs = true;
    await page.goto(site.listed);
    const popup = await clickSignIn(page);
    const closed = popup.waitForEvent('close');
    await continueAs(popup, 'alice');
    await closed;
    await signedInAs(page, 'alice');
    const answer = requested.find((url) => url.startsWith(`${site.host}/callback.html?`))!;
    await page.goto(answer);
    await page.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
  });

  test('also in the same window, where the first answer was given', async () => {
    await page.addInitScript(() => {
      window.open = () => null;
    });
    await page.goto(site.config.returnPages![0]!);
    await clickSignIn(page, { popup: false });
    await continueAs(page, 'alice');
    await signedInAs(page, 'alice');
    const answer = requested.find((url) => url.startsWith(`${site.host}/callback.html?`))!;
    await page.goto(answer);
    await page.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
  });
});

/** Checks that the visitor has not agreed. The page replaces the question as soon as a visitor agrees. */
async function isStillAsked(popup: Page): Promise<void> {
  expect(await popup.getByRole('heading').textContent()).toBe('Sign in on this site?');
  expect(askedIssuer()).toBe(false);
}

describe('a page of an origin that is not listed opens our sign-in page', () => {
  test('the visitor is asked, with scheme, host and port, before the issuer is, and nothing has the focus', async () => {
    const popup = await strangerOpens();
    await popup.getByRole('button', { name: 'Continue' }).waitFor();
    expect(await popup.locator('.who').textContent()).toBe(new URL(site.stranger).origin);
    expect(await popup.evaluate(() => document.activeElement === document.body)).toBe(true);
    expect(askedIssuer()).toBe(false);
  });

  test('as the page of a listed origin: it can name no other than its own', async () => {
    await page.goto(`${site.stranger}blank`);
    const opened = page.waitForEvent('popup');
    await page.evaluate(
      ({ address, question }) => {
        const popup = window.open(address)!;
        window.addEventListener('message', ({ origin }) => popup.postMessage(question, origin));
      },
      {
        address: `${site.host}/sign-in.html#way=popup&page=${site.listed}&challenge=${challenge}`,
        question: { type: 'shout-box:asker', page: site.listed, challenge },
      },
    );
    const popup = await opened;
    await popup.getByText('What the asking page says makes no sense.').waitFor();
    expect(askedIssuer()).toBe(false);
  });

  test('of an origin that may not connect: it is neither asked about nor answered, by a window or a redirect', async () => {
    const { port } = new URL(site.stranger);
    const notAllowed = `http://localhost:${port}/`;
    const popup = await strangerOpens(notAllowed);
    await popup.getByText('This site is not one of those that may use this shoutbox.').waitFor();
    await popup.goto('about:blank');
    await popup.goto(
      `${site.host}/sign-in.html#${new URLSearchParams({ way: 'redirect', page: notAllowed, challenge })}`,
    );
    await popup.getByText('This site is not one of those that may use this shoutbox.').waitFor();
    expect(askedIssuer()).toBe(false);
  });

  test('in a frame: it is not shown there', async () => {
    await page.goto(`${site.stranger}blank`);
    await page.setContent(`<iframe src="${site.host}/sign-in.html#way=popup"></iframe>`);
    await page.frameLocator('iframe').locator('body').waitFor();
    await expect.poll(() => refusesFrame(page)).toBe(true);
  });

  test.each(['Enter', 'Space'])('a held %s does not agree', async (key) => {
    const popup = await strangerOpens();
    const button = popup.getByRole('button', { name: 'Continue' });
    await popup.keyboard.down(key);
    await button.focus();
    for (let repeat = 0; repeat < 70; repeat++) {
      // Playwright marks the event of a key that is down already as a repetition (`KeyboardEvent.repeat`).
      await popup.keyboard.down(key);
      await popup.waitForTimeout(30);
    }
    await popup.keyboard.up(key);
    await popup.getByText('That was too quick to be sure.').waitFor();
    await isStillAsked(popup);
  });

  test('somebody who types on in the window does not agree by Tab and Enter', async () => {
    const popup = await strangerOpens();
    const button = popup.getByRole('button', { name: 'Continue' });
    await button.and(popup.locator(':not([aria-disabled])')).waitFor();
    await popup.keyboard.type('alice in wonderland', { delay: 90 });
    await popup.keyboard.press('Tab');
    await popup.keyboard.press('Enter');
    await popup.getByText('That was too quick to be sure.').waitFor();
    await isStillAsked(popup);
  });

  /**
   * Clicks on the button, `aside` pixels from its middle. Looks up the button's position each time, because the button
   * moves when the page shows a sentence.
   */
  const press = async (popup: Page, aside = 0) => {
    const { x, y, width, height } = (await popup.getByRole('button', { name: 'Continue' }).boundingBox())!;
    await popup.mouse.click(x + width / 2 + aside, y + height / 2);
  };

  test('quick clicks do not agree, though the pointer has moved and the last is after the second', async () => {
    const popup = await strangerOpens();
    const end = performance.now() + 1_500;
    for (let click = 0; performance.now() < end; click++) {
      await press(popup, (click % 2) * 40 - 20);
      await popup.waitForTimeout(100);
    }
    await popup.getByText('That was too quick to be sure.').waitFor();
    await isStillAsked(popup);
  });

  test('a click of a pointer that has not moved in the window does not agree, however late it is', async () => {
    const popup = await strangerOpens();
    await popup.getByRole('button', { name: 'Continue' }).and(popup.locator(':not([aria-disabled])')).waitFor();
    await press(popup);
    await popup.getByText('That was too quick to be sure.').waitFor();
    await isStillAsked(popup);
  });

  test('a click that a script makes does not agree', async () => {
    const popup = await strangerOpens();
    await popup.getByRole('button', { name: 'Continue' }).waitFor();
    await popup.mouse.move(10, 10);
    await popup.mouse.move(200, 200);
    await popup.waitForTimeout(1_200);
    await popup.evaluate(() => document.querySelector('button')!.click());
    await popup.getByText('That was too quick to be sure.').waitFor();
    await isStillAsked(popup);
  });

  test.each([
    ['gets the focus', 'focus', 'window'],
    ['comes into sight', 'visibilitychange', 'document'],
  ] as const)('when the window %s again, the question waits anew', async (_, type, target) => {
    const popup = await strangerOpens();
    const button = popup.getByRole('button', { name: 'Continue' });
    await button.and(popup.locator(':not([aria-disabled])')).waitFor();
    const waits = await button.evaluate(
      (element, { type, target }) => {
        globalThis[target].dispatchEvent(new Event(type));
        return element.ariaDisabled;
      },
      { type, target },
    );
    expect(waits).toBe('true');
  });

  test('a visitor who reads the question agrees by mouse or by keyboard, and the stranger’s page gets the answer', async () => {
    const popup = await strangerOpens();
    const button = popup.getByRole('button', { name: 'Continue' });
    await button.and(popup.locator(':not([aria-disabled])')).waitFor();
    await popup.keyboard.press('Tab');
    await button.and(popup.locator(':not([aria-disabled])')).waitFor();
    await popup.keyboard.press('Enter');
    await continueAs(popup, 'alice');
    const heard = () => page.evaluate(() => JSON.stringify((window as unknown as { heard: unknown[] }).heard));
    await expect.poll(heard).toContain('shout-box:answer');
  });

  test('agreement is remembered until it is taken back on the sign-in page', async () => {
    await page.goto(`${site.stranger}?remember=no`);
    const popup = await clickSignIn(page);
    const closed = popup.waitForEvent('close');
    await consentTo(popup);
    await continueAs(popup, 'alice');
    await closed;
    await signedInAs(page, 'alice');

    await page.reload();
    const again = await clickSignIn(page);
    await again.getByRole('button', { name: 'Continue as alice' }).waitFor();
    await again.close();

    const own = await context.newPage();
    await own.goto(`${site.host}/sign-in.html`);
    await own.getByRole('button', { name: `Take back: ${new URL(site.stranger).origin}` }).click();
    await own.getByText('You have not agreed to sign in on any other site.').waitFor();

    await page.reload();
    const third = await clickSignIn(page);
    await third.getByRole('heading', { name: 'Sign in on this site?' }).waitFor();
  });
});

test('an answer reaches no page that took the place of the one that asked', async () => {
  await page.goto(site.listed);
  const popup = await clickSignIn(page);
  await popup.getByRole('button', { name: 'Continue as alice' }).waitFor();
  await page.goto(`${site.stranger}blank`);
  await page.evaluate(() => {
    const page = window as unknown as { heard: unknown[] };
    page.heard = [];
    window.addEventListener('message', ({ data }) => page.heard.push(data));
  });
  await continueAs(popup, 'alice');
  await popup.getByText('The page that asked is no longer there.').waitFor();
  expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([]);
});

describe('an answer that was tampered with on its way', () => {
  const refused = async () => {
    await page.locator('shout-box .sign-in').waitFor();
    await page.evaluate(() =>
      document.body.addEventListener('shout-error', ({ detail }) => {
        if (detail.code === 'unauthenticated') document.body.dataset.failed = detail.message;
      }),
    );
    const popup = await clickSignIn(page);
    await continueAs(popup, 'alice');
    await page.locator('body[data-failed]').waitFor();
    const message = await page.locator('body').getAttribute('data-failed');
    expect(await page.evaluate(() => document.querySelector('shout-box')!.user)).toBeUndefined();
    return message;
  };

  test('of another issuer: iss', async () => {
    await page.goto(site.listed);
    site.issuer.tamper = ({ searchParams }) => searchParams.set('iss', 'https://evil.example');
    expect(await refused()).toContain('"iss"');
  });

  test('without an issuer', async () => {
    await page.goto(site.listed);
    site.issuer.tamper = ({ searchParams }) => searchParams.delete('iss');
    expect(await refused()).toContain('"iss"');
  });

  test('of another request: nonce', async () => {
    await page.goto(site.listed);
    await context.route(`${site.issuer.url}/auth?**`, async (route) => {
      const url = new URL(route.request().url());
      if (url.searchParams.get('nonce') === 'another') return route.continue();
      url.searchParams.set('nonce', 'another');
      return route.fulfill({ status: 302, headers: { Location: url.href } });
    });
    expect(await refused()).toContain('"nonce"');
  });

  test('with another state', async () => {
    await page.goto(site.listed);
    site.issuer.tamper = ({ searchParams }) => searchParams.set('state', 'another');
    const popup = await clickSignIn(page);
    await continueAs(popup, 'alice');
    await popup.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
  });

  test("a stranger's code, in the address of a page that waits for its own", async () => {
    await page.goto(site.listed);
    const popup = await clickSignIn(page);
    await popup.getByRole('button', { name: 'Continue as alice' }).waitFor();
    const other = await context.newPage();
    const answer = new URLSearchParams({ code: 'theirs', iss: site.issuer.url, nonce: 'theirs', challenge });
    await other.goto(`${site.listed}#shout-box=${encodeURIComponent(String(answer))}`);
    await other.locator('.note').filter({ hasText: 'did not reach the page' }).waitFor();
    expect(other.url()).toBe(site.listed);
    await continueAs(popup, 'alice');
    await signedInAs(page, 'alice');
  });
});
