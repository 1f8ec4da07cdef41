import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snippet } from '../snippets/snippets.ts';
import { freePortVariables, type Stack, startStack } from '../stack.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';

/**
 * These tests run snippets of the documentation on a page whose origin is not the server's. Only the addresses in the
 * snippets are replaced.
 */
let stack: Stack & AsyncDisposable;
let browser: TestBrowser;
let site: Server;
let origin: string;
let html = '';
/** The token of the person who is signed in at the site; empty if nobody is. */
let session = '';

beforeAll(async () => {
  site = createServer(({ url }, response) => {
    if (url === '/session/shout-token') response.writeHead(session ? 200 : 401).end(session);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(site.address() as AddressInfo).port}`;
  const ports = await freePortVariables();
  const allowed = [origin, `http://localhost:${ports.SHOUT_WEB_PORT}`];
  const env = { ...ports, ALLOWED_ORIGINS: allowed.join() };
  [stack, browser] = await Promise.all([startStack({ env }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
  site?.closeAllConnections();
  site?.close();
});

const here = (code: string) =>
  code
    .replaceAll('https://api.shout.example', stack.http)
    .replaceAll('https://your-api.example', stack.http)
    .replaceAll('https://shout.example', stack.web)
    .replaceAll('https://your.site', stack.web);

const recipe = (heading: string, language: string) => here(snippet('docs/embedding.md', heading, language));
const box = () => recipe('Embedding the box', 'html');

async function open(body: string): Promise<Page> {
  html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title><body>${body}</body></html>`;
  const page = await browser.newPage();
  await page.goto(origin);
  return page;
}

/** Opens a page with the box, followed by a script of the documentation. */
const openWith = (script: string) =>
  open(`${box()}<output id="badge"></output><script type="module">${script}</script>`);

const liveBoxes = (page: Page, count: number) =>
  page.waitForFunction(
    (expected) =>
      [...document.querySelectorAll('shout-box')].filter(
        (element) => (element as unknown as { connectionState: string }).connectionState === 'live',
      ).length === expected,
    count,
  );

const say = async (name: string, text: string) => {
  const socket = new WebSocket(stack.ws, ['shout-box.v1', `bearer.${await stack.token(name)}`]);
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  socket.send(JSON.stringify({ action: 'sendMessage', text }));
  await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
  socket.close();
};

test.each([
  ['README.md', 'shout-box'],
  ['docs/embedding.md', 'Embedding the box'],
])('the tag of %s shows the room', async (path, heading) => {
  const page = await open(here(snippet(path, heading, 'html')));
  await liveBoxes(page, 1);
  await page.close();
});

test('a site with its own session: its token signs in', async () => {
  session = await stack.token('alice');
  const page = await openWith(recipe('A site with its own session', 'js'));
  await page.waitForFunction(() => document.querySelector('shout-box')!.user?.name === 'alice');
  session = '';
  await page.close();
});

test('a sign-in button of the site opens the sign-in', async () => {
  const page = await open(`${box().split('\n')[0]}${recipe('Your own sign-in button', 'html')}`);
  await liveBoxes(page, 1);
  const popup = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Join in' }).click();
  await (await popup).close();
  await page.close();
});

test('several rooms live on one page, and one of them has no place to write', async () => {
  const page = await open(`${box().split('\n')[0]}${recipe('Several rooms', 'html')}`);
  await liveBoxes(page, 2);
  await page.close();
});

test('a site changes what is about to be sent, or stops it', async () => {
  session = await stack.token('bob');
  const session_ = recipe('A site with its own session', 'js');
  const page = await openWith(`${session_}\n${recipe('Moderating before sending', 'js')}`);
  // Waits for the button, because the person is a guest until the box has the token, and a guest's Enter sends nothing.
  await page.getByRole('button', { name: 'Send' }).waitFor();
  const composer = page.getByRole('textbox');
  await composer.fill('BUY NOW or never');
  await composer.press('Enter');
  await composer.fill('That darn cat');
  await composer.press('Enter');
  await page.getByRole('article').filter({ hasText: 'That **** cat' }).waitFor();
  expect(await page.getByRole('article').filter({ hasText: 'BUY NOW' }).count()).toBe(0);
  session = '';
  await page.close();
});

test('a closed panel counts what is unread', async () => {
  const page = await openWith(
    `const box = document.querySelector('shout-box'); const badge = document.querySelector('#badge');
     ${recipe('Unread count on a closed panel', 'js')}`,
  );
  await liveBoxes(page, 1);
  const display = (value: string) =>
    page.evaluate((to) => {
      document.querySelector('shout-box')!.style.display = to;
    }, value);
  const badge = (text: string) =>
    page.waitForFunction((expected) => document.querySelector('#badge')!.textContent === expected, text);
  await display('none');
  await say('carol', 'Anybody?');
  await badge('1');
  await display('');
  await badge('');
  await page.close();
});

test('other words replace the built-in ones', async () => {
  const script = recipe('Other words, other languages', 'js');
  const page = await openWith(`const box = document.querySelector('shout-box');\n${script}`);
  await page.getByText('The back fence').waitFor();
  await page.close();
});

test('the style sheet of the site decides size and corners', async () => {
  const page = await open(`${box()}<style>${recipe('Styling', 'css')}</style>`);
  await liveBoxes(page, 1);
  const { height, radius } = await page.evaluate(() => {
    const element = document.querySelector('shout-box')!;
    const part = element.shadowRoot!.querySelector('[part~=box]')!;
    return { height: element.getBoundingClientRect().height, radius: getComputedStyle(part).borderRadius };
  });
  expect(radius).toBe('6px');
  expect(height).toBeCloseTo(0.7 * (await page.evaluate(() => innerHeight)), 0);
  await page.close();
});

test('in an iframe of another origin the room is there', async () => {
  const page = await open(recipe('In an iframe, where the page must not hold the token', 'html'));
  await page.frameLocator('iframe').locator('shout-box .status[data-state=live]').waitFor();
  await page.close();
});

test('the line of docs/protocol.md connects', async () => {
  const page = await open('');
  const opened = await page.evaluate(
    ([url, token, line]) =>
      new Promise((resolve) => {
        const socket = new Function('url', 'token', `return ${line}`)(url, token) as WebSocket;
        socket.onopen = () => resolve(socket.protocol);
        socket.onerror = () => resolve('refused');
      }),
    [`${stack.ws}?room=lobby`, await stack.token('dave'), snippet('docs/protocol.md', 'Connecting', 'js')] as const,
  );
  expect(opened).toBe('shout-box.v1');
  await page.close();
});

test('the file of addresses has what docs/local.md shows of it', () => {
  const shown = [...snippet('docs/local.md', 'The local stack', 'json').matchAll(/"(\w+)":/g)].map(([, name]) => name);
  expect(Object.keys(stack)).toEqual(expect.arrayContaining(shown));
});
