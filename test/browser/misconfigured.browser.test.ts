import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePortVariables, type Stack, startStack } from '../stack.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';

/** These tests load pages with a configuration error and check what the console and `shout-error` say. */
let stack: Stack & AsyncDisposable;
let browser: TestBrowser;
let site: Server;
let listed: string;
let unlisted: string;
let html = '';
let policy: string | undefined;

beforeAll(async () => {
  site = createServer((_request, response) => {
    if (policy) response.setHeader('content-security-policy', policy);
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  listed = `http://localhost:${port}`;
  unlisted = `http://127.0.0.1:${port}`;
  [stack, browser] = await Promise.all([startStack({ env: { ALLOWED_ORIGINS: listed } }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
  site?.closeAllConnections();
  site?.close();
});

/** Returns what `shout-error` tells the author of the page, and checks that the console says the same, once. */
async function toldTo(attributes: string, { origin = listed, csp = '' } = {}): Promise<string> {
  policy = csp;
  html = `<!doctype html><meta charset="utf-8">
    <script type="module" src="${stack.web}/shout-box.js"></script>
    <shout-box ${attributes}></shout-box>`;
  const page = await browser.newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.text().startsWith('<shout-box>: ')) said.push(message.text().slice('<shout-box>: '.length));
  });
  await page.addInitScript(() => {
    document.addEventListener('shout-error', (event) => {
      const { detail } = event as CustomEvent<{ code: string; message: string }>;
      if (detail.code === 'misconfigured') document.title = detail.message;
    });
  });
  await page.goto(origin);
  await page.waitForFunction(() => document.title !== '');
  // Waits until the box also shows that it could not connect. By then, it must not have reported the same error twice.
  await page
    .locator('shout-box')
    .getByText(/reconnecting|offline/i)
    .first()
    .waitFor();
  const title = await page.title();
  await page.close();
  expect(said).toEqual([title]);
  return title;
}

test('no server', async () => {
  expect(await toldTo('')).toMatch(/^The attribute `server` is missing/);
});

test('a server that is no URL', async () => {
  expect(await toldTo('server="api.shout.example"')).toMatch(
    /^The attribute `server` is not a URL: api\.shout\.example\./,
  );
});

test('a server without https:// or http://', async () => {
  const address = stack.http.replace('http://', '');
  expect(await toldTo(`server="${address}"`)).toMatch(`is not a URL: ${address}. It begins with https://`);
});

test('a server that is the address of the WebSocket', async () => {
  expect(await toldTo(`server="${stack.ws}"`)).toMatch(
    `${stack.ws}. Set it to the base URL of the HTTP API, which begins with http://`,
  );
});

test('a server with a user name', async () => {
  expect(await toldTo(`server="${stack.http.replace('//', '//a:b@')}"`)).toMatch(
    `holds a user name or password, which browsers do not send: write ${stack.http}.`,
  );
});

test('blanks around the server do no harm', async () => {
  policy = '';
  html = `<!doctype html><script type="module" src="${stack.web}/shout-box.js"></script><shout-box server=" ${stack.http}/ "></shout-box>`;
  const page = await browser.newPage();
  await page.goto(listed);
  await page.locator('shout-box [data-state="live"]').waitFor();
  await page.close();
});

test('a sign-in on a page that has no cryptography, as on plain http:', async () => {
  policy = '';
  html = `<!doctype html><script>
      Object.defineProperty(crypto, 'subtle', { value: undefined });
      said = [];
      addEventListener('shout-error', ({ detail }) => said.push(detail.code + ': ' + detail.message));
    </script>
    <script type="module" src="${stack.web}/shout-box.js"></script><shout-box server="${stack.http}"></shout-box>`;
  const page = await browser.newPage();
  await page.goto(listed);
  for (const count of [2, 3]) {
    await page.locator('shout-box').getByRole('button', { name: 'Sign in' }).click();
    await page.waitForFunction((n) => (window as unknown as { said: string[] }).said.length === n, count);
  }
  const why = `A sign-in needs cryptography that browsers give only to pages on https: or on this machine: serve ${listed} by https:.`;
  // `misconfigured` is for the page's author and comes once. `unauthenticated` is for the page's script and comes at
  // each click.
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([
    `misconfigured: ${why}`,
    `unauthenticated: ${why}`,
    `unauthenticated: ${why}`,
  ]);
  await page.close();
});

test('a room that has no valid name', async () => {
  expect(await toldTo(`server="${stack.http}" room="The Lobby"`)).toMatch(/^The attribute `room` .*: The Lobby\./);
});

test('a port where nobody listens', async () => {
  const { SHOUT_HTTP_PORT } = await freePortVariables();
  const server = `http://localhost:${SHOUT_HTTP_PORT}`;
  expect(await toldTo(`server="${server}"`)).toBe(
    `Nothing answers at ${server}: check host and port in the attribute \`server\`.`,
  );
});

test('a server that is not the API', async () => {
  expect(await toldTo(`server="${listed}"`)).toMatch(`${listed} is not the API of a shout-box`);
});

test('an origin that the server does not list', async () => {
  expect(await toldTo(`server="${stack.http}"`, { origin: unlisted })).toContain(
    `add ${unlisted} to ALLOWED_ORIGINS of the server`,
  );
});

test('a policy of the page that blocks the API', async () => {
  const csp = `connect-src 'self' ${stack.ws}`;
  expect(await toldTo(`server="${stack.http}"`, { csp })).toBe(
    `The Content Security Policy of the page blocks ${stack.http}: add it to \`connect-src\`.`,
  );
});

test('a policy of the page that blocks the WebSocket', async () => {
  const csp = `connect-src 'self' ${stack.http}`;
  expect(await toldTo(`server="${stack.http}"`, { csp })).toBe(
    `The Content Security Policy of the page blocks ${stack.ws}: add it to \`connect-src\`.`,
  );
});
