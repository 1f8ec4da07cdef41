import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../../local/ports.ts';
import { clickSignIn, continueAs, says } from './person.ts';
import { publish, type Site } from './site.ts';
import { listenAsAuthor, type Told } from './told.ts';
import { useVisits } from './visit.ts';

/**
 * In these tests the sign-in fails, mostly because of a wrong setting. The person is told, and the author of the page
 * is told as well if the box can know the cause.
 */
let site: Site;
let context: BrowserContext;
let page: Page;
let told: Told;

useVisits(async (visit) => {
  ({ site, context, page } = visit);
  told = await listenAsAuthor(page);
});
afterEach(() => {
  site.issuer.allowedOrigins = ['*'];
  site.issuer.tamper = undefined;
});

const messages = async () =>
  (await told.errors()).filter(({ code }) => code === 'misconfigured').map(({ message }) => message);

/** Checks that the author of the page gets this message once as a `shout-error` event and once in the console. */
async function isTold(message: string): Promise<void> {
  await expect.poll(messages).toEqual([message]);
  expect(told.console).toEqual([`<shout-box>: ${message}`]);
}

/** Signs in as alice on the issuer's page, and checks that the box then says that the sign-in failed. */
async function signInVainly(): Promise<void> {
  const popup = await clickSignIn(page);
  await continueAs(popup, 'alice');
  await says(page, 'That did not work. Please try again.');
}

test('a box in a bundle of its own without `callback`: its window closes, and the attribute is named once', async () => {
  const message = `No sign-in page answers at ${site.listed}sign-in.html: set the attribute \`callback\` to the address of callback.html on the widget's host, such as https://shout.example/callback.html.`;
  await page.goto(site.bundled);
  for (let click = 0; click < 2; click++) {
    const popup = await clickSignIn(page);
    if (!popup.isClosed()) await popup.waitForEvent('close');
    await says(page, 'That did not work. Please try again.');
  }
  await isTold(message);
});

test('a `callback` that is no address', async () => {
  await page.goto(site.listed);
  await page.locator('shout-box').evaluate((box) => box.setAttribute('callback', 'callback.html'));
  await clickSignIn(page, { popup: false });
  await says(page, 'That did not work. Please try again.');
  await isTold('The attribute `callback` is neither https: nor on this machine: callback.html.');
});

test('a `callback` that the issuer does not know: it says so in the window, and the box when that is closed', async () => {
  await page.goto(site.listed);
  const callback = `${site.unregistered}/callback.html`;
  await page.locator('shout-box').evaluate((box, value) => box.setAttribute('callback', value), callback);
  const popup = await clickSignIn(page);
  await popup.getByText('redirect_uri did not match').waitFor();
  await popup.close();
  await says(page, 'Waiting for the sign-in window. If you closed it, sign in again.');
});

test('an origin that the issuer does not answer', async () => {
  site.issuer.allowedOrigins = [site.host];
  await page.goto(site.listed);
  await signInVainly();
  const origin = new URL(site.listed).origin;
  await isTold(
    `The issuer ${site.issuer.url} does not answer pages of ${origin} at ${site.issuer.url}/token: register ${origin} there as an origin of the client shout-box (CORS).`,
  );
});

test('a token endpoint that nobody listens at', async () => {
  const nowhere = `http://localhost:${await freePort()}/token`;
  await publish(context, site, { token_endpoint: nowhere });
  await page.goto(site.listed);
  await signInVainly();
  const origin = new URL(site.listed).origin;
  await isTold(
    `The issuer ${site.issuer.url} does not answer at ${nowhere}: check that it can be reached, and register ${origin} there as an origin of the client shout-box (CORS).`,
  );
});

test('a policy of the page that blocks the issuer', async () => {
  await page.goto(site.guarded);
  await signInVainly();
  await isTold(`The Content Security Policy of the page blocks ${site.issuer.url}: add it to \`connect-src\`.`);
});

test('a code that the issuer refuses', async () => {
  site.issuer.tamper = ({ searchParams }) => searchParams.set('code', 'another');
  await page.goto(site.listed);
  await signInVainly();
  await isTold(
    `The issuer ${site.issuer.url} refuses the client shout-box (HTTP 400, invalid_grant, grant request is invalid): there it has to be a public client (PKCE, no secret) with the redirect URI ${site.host}/callback.html. Check CLIENT_ID, AUDIENCE and SCOPE of the server, too.`,
  );
});
