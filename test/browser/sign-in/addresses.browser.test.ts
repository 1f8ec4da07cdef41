import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { refusesFrame } from '../browser.ts';
import { clickSignIn, continueAs, says, signedInAs } from './person.ts';
import { publish, type Site } from './site.ts';
import { useVisits } from './visit.ts';

const SCRIPT = "javascript:void((window.opener??window).document.title='run')";

let site: Site;
let context: BrowserContext;
let page: Page;
let requested: string[];

useVisits((visit) => {
  ({ site, context, page } = visit);
  requested = [];
  context.on('request', (request) => requested.push(request.url()));
});

/** Changes what the server answers to `/config`. */
const configure = (changes: object) =>
  context.route(`${site.host}/config`, (route) =>
    route.fulfill({ json: { ...site.config, ...changes }, headers: { 'Access-Control-Allow-Origin': '*' } }),
  );

const titles = async () => Promise.all(context.pages().map((each) => each.title()));

describe('an address that is neither https: nor on this machine is not followed', () => {
  test.each(['authorization_endpoint', 'token_endpoint', 'revocation_endpoint', 'end_session_endpoint', 'jwks_uri'])(
    'a script as %s',
    async (name) => {
      await publish(context, site, { [name]: SCRIPT });
      await page.goto(site.listed);
      const popup = await clickSignIn(page);
      await popup.getByText(`${name} of ${site.issuer.url} is neither https: nor on this machine.`).waitFor();
      expect(await titles()).not.toContain('run');
      expect(popup.url()).toBe(`${site.host}/sign-in.html`);
    },
  );

  test('plain HTTP to another machine as token endpoint, which is published once the person is at the issuer', async () => {
    await page.goto(site.listed);
    const popup = await clickSignIn(page);
    await popup.getByRole('button', { name: 'Continue as alice' }).waitFor();
    await publish(context, site, { token_endpoint: 'http://tokens.example/token' });
    await continueAs(popup, 'alice');
    await says(page, 'That did not work.');
    expect(requested.filter((url) => url.includes('tokens.example'))).toEqual([]);
  });

  test.each([SCRIPT, 'data:application/json,{}', 'http://issuer.example'])(
    '%s as issuer in /config',
    async (issuer) => {
      await page.goto(site.listed);
      await page.locator('shout-box .sign-in').waitFor();
      await configure({ issuer });
      const popup = await clickSignIn(page);
      await popup.getByText(`The issuer ${issuer} is neither https: nor on this machine.`).waitFor();
      expect(await titles()).not.toContain('run');
      expect(requested.filter((url) => url.startsWith('http://issuer.example'))).toEqual([]);
    },
  );

  test('a WebSocket in the clear to another machine', async () => {
    await configure({ webSocketUrl: 'ws://sockets.example' });
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(site.listed);
    await page.locator('.status[data-state=offline]').waitFor();
    expect(sockets).toEqual([]);
  });

  test.each([SCRIPT, 'data:text/html,x', 'http://widget.example/callback.html'])('%s as callback', async (callback) => {
    await page.goto(site.listed);
    await page.locator('shout-box').evaluate((box, value) => box.setAttribute('callback', value), callback);
    // Does not wait for the sign-in window, because the window may be closed before the driver reports it.
    await clickSignIn(page, { popup: false });
    await says(page, 'That did not work.');
    expect(await titles()).not.toContain('run');
  });

  test.each([
    'data:application/json,{"webSocketUrl":"wss://ws.example","issuer":"https://i.example","limits":{}}#',
    'http://api.example',
  ])('%s as server', async (server) => {
    await page.goto(site.listed);
    await page.locator('shout-box').evaluate((box, value) => box.setAttribute('server', value), server);
    await page.locator('.status[data-state=offline]').waitFor();
    expect(requested.filter((url) => url.startsWith('data:app') || url.startsWith('http://api.example'))).toEqual([]);
  });

  const deceiving = 'https://widget.example@evil.example/';
  test.each([SCRIPT, 'data:text/html,x', 'http://site.example/', deceiving])(
    '%s as the page that asks',
    async (address) => {
      const question = new URLSearchParams({ way: 'redirect', page: address, challenge: 'c'.repeat(43) });
      await page.goto(`${site.host}/sign-in.html#${question}`);
      await page.getByText('What the asking page says makes no sense.').waitFor();
    },
  );
});

describe('on a host that sends no headers', () => {
  /**
   * Opens `address` in a frame on a page of the same host. Removes the headers that forbid the frame, so that only the
   * framed page's script can refuse. Both pages share the session storage, which holds a pending sign-in.
   */
  const frame = async (address: string) => {
    await context.route(/\/(sign-in|callback)\.html/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { 'Content-Type': 'text/html' } });
    });
    await page.goto(`${site.host}/config`);
    await page.evaluate(() =>
      sessionStorage.setItem('shout-box:pending', JSON.stringify({ state: 's', at: Date.now() })),
    );
    await page.setContent(`<iframe src="${site.host}/${address}"></iframe>`);
    return page.frameLocator('iframe');
  };

  test('sign-in.html does nothing in a frame', async () => {
    const question = new URLSearchParams({
      way: 'redirect',
      page: site.config.returnPages![0]!,
      challenge: 'c'.repeat(43),
    });
    const framed = await frame(`sign-in.html#${question}`);
    await framed.getByText('This page does not work inside another page.').waitFor();
    expect(requested.filter((url) => url.startsWith(site.issuer.url))).toEqual([]);
  });

  test('callback.html gives nothing in a frame', async () => {
    const framed = await frame('callback.html?state=s&code=c0de');
    await framed.getByRole('heading', { name: 'Nothing to do here' }).waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('shout-box:pending'))).not.toBeNull();
  });
});

describe('the pages say in their headers', () => {
  test.each(['sign-in.html', 'callback.html'])('%s is framed by nobody, listed or not', async (name) => {
    await page.goto(`${site.listed}blank`);
    await page.setContent(`<iframe src="${site.host}/${name}"></iframe>`);
    await expect.poll(() => refusesFrame(page)).toBe(true);
  });

  test('embed.html is framed by the listed origins only', async () => {
    await page.goto(site.framing);
    await page.frameLocator('iframe').locator('.box').waitFor();
    await page.goto(`${site.stranger}framing`);
    await expect.poll(() => refusesFrame(page)).toBe(true);
  });

  test.each(['sign-in.html', 'callback.html', 'embed.html'])(
    '%s runs its own scripts only, and is no referrer',
    async (name) => {
      const { headers } = await fetch(`${site.host}/${name}`);
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; /,
      );
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  test('nothing that their own policies forbid', async () => {
    const complaints: string[] = [];
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(`${site.host}/embed.html?lang=en`);
    const popup = await clickSignIn(page);
    const closed = popup.waitForEvent('close');
    await continueAs(popup, 'alice');
    await closed;
    await signedInAs(page, 'alice');
    expect(complaints.filter((text) => /policy/i.test(text))).toEqual([]);
  });
});
