import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { config } from '../../web/client/testing/room.ts';
import type { TestBrowser } from './browser.ts';
import { type Served, serveBuilt } from './built.ts';
import { sharedChromium } from './chromium.ts';

const SERVER = 'https://api.example';
const actor = { id: 'alice'.padEnd(22, '_'), name: 'alice' };
const history = {
  epoch: 'one',
  head: 1,
  messages: [{ seq: 1, id: `${actor.id}:m1`, at: 1, actor, text: 'First words' }],
  nextBefore: null,
};

/** These tests load the built script in a page, with a server that answers when the test wants. */
let browser: TestBrowser;
let site: Served;
let page: Page;
let asked: string[];

beforeAll(async () => {
  [site, browser] = await Promise.all([
    serveBuilt(
      `<!doctype html><shout-box server="${SERVER}"></shout-box><script type="module" src="shout-box.js"></script>`,
    ),
    sharedChromium(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(async () => {
  page = await browser.newPage();
  asked = [];
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  await page.addInitScript(() => {
    const states: string[] = [];
    addEventListener('shout-state', (event) => {
      states.push((event as CustomEvent<{ connectionState: string }>).detail.connectionState);
    });
    Object.assign(window, { states });
  });
  await page.routeWebSocket(`${config.webSocketUrl}**`, (socket) => {
    socket.onMessage(() => socket.send(JSON.stringify({ type: 'pong', epoch: history.epoch, head: history.head })));
  });
});

/** Answers requests to the server; `/config` once `settings` resolves, `/chat-history` once `first` does. */
async function answer(settings?: Promise<void>, first?: Promise<void>): Promise<void> {
  const headers = { 'access-control-allow-origin': '*' };
  await page.route(`${SERVER}/config`, async (route) => {
    await settings;
    await route.fulfill({ json: config, headers });
  });
  await page.route(`${SERVER}/chat-history**`, async (route) => {
    await first;
    await route.fulfill({ json: history, headers });
  });
}

const states = () => page.evaluate(() => (window as unknown as { states: string[] }).states);

test('the first attempt connects: a box is never offline on its way, and nothing is diagnosed', async () => {
  await answer();
  await page.goto(site.url);
  await page.locator('[data-state=live]').waitFor();
  expect(await states()).not.toContain('offline');
  expect(asked.filter((path) => path === '/config')).toHaveLength(1);
  expect(asked.filter((path) => path.includes('diagnosis'))).toEqual([]);
});

test('the first messages show before the settings are here', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await answer(promise);
  await page.goto(site.url);
  await page.getByText('First words').waitFor();
  expect(await states()).toEqual(['connecting']);
  resolve();
  await page.locator('[data-state=live]').waitFor();
});

test('the data for times is loaded while the first messages are on their way', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await answer(undefined, promise);
  await page.addInitScript(() => {
    const { RelativeTimeFormat } = Intl;
    class Watched extends RelativeTimeFormat {
      constructor(...args: ConstructorParameters<typeof RelativeTimeFormat>) {
        super(...args);
        Object.assign(window, { loaded: true });
      }
    }
    Object.assign(Intl, { RelativeTimeFormat: Watched });
  });
  await page.goto(site.url);
  await page.waitForFunction(() => 'loaded' in window);
  resolve();
  await page.getByText('First words').waitFor();
});

test('the script asks for no list of all emoji, which takes long to compile', async () => {
  const script = await fetch(new URL('shout-box.js', site.url)).then((answer) => answer.text());
  expect(script).toContain('EPres');
  expect(script).not.toContain('RGI_Emoji');
});
