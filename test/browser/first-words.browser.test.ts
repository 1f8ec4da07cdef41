import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { config } from '../../web/client/testing/room.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';
import { type Served, serveBuilt } from './built.ts';

const actor = { id: 'alice'.padEnd(22, '_'), name: 'alice' };
const history = {
  epoch: 'one',
  head: 1,
  messages: [{ seq: 1, id: `${actor.id}:m1`, at: 1, actor, text: 'First words' }],
  nextBefore: null,
};

/**
 * These tests check how a box starts. They load the built script, and use a server whose answers a test can hold back.
 */
let browser: TestBrowser;
let site: Served;
let server: Server;
let sockets: WebSocketServer;
let page: Page;
/** Paths of the requests that the page has sent, to any server. */
let asked: string[];
/** Paths of the requests that `server` has received. */
let answered: string[];
/**
 * Promises by path. `server` answers a request for one of these paths once its promise resolves. It answers other
 * requests at once.
 */
let held: Record<string, Promise<void>>;

beforeAll(async () => {
  server = createServer(async ({ url }, response) => {
    const [path] = url!.split('?') as [string];
    answered.push(path);
    await held[path];
    const { port } = server.address() as AddressInfo;
    const settings = { ...config, webSocketUrl: `ws://127.0.0.1:${port}/socket` };
    response.setHeader('access-control-allow-origin', '*').setHeader('content-type', 'application/json');
    response.end(JSON.stringify(path === '/config' ? settings : history));
  });
  sockets = new WebSocketServer({ server, handleProtocols: () => 'shout-box.v1' });
  sockets.on('connection', (socket) => {
    socket.on('message', () => {
      socket.send(JSON.stringify({ type: 'pong', epoch: history.epoch, head: history.head }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  [site, browser] = await Promise.all([
    serveBuilt(
      `<!doctype html><shout-box server="http://127.0.0.1:${port}"></shout-box><script type="module" src="shout-box.js"></script>`,
    ),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  for (const socket of sockets?.clients ?? []) socket.terminate();
  server?.closeAllConnections();
  server?.close();
});
beforeEach(async () => {
  asked = [];
  answered = [];
  held = {};
  page = await browser.newPage();
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  await page.addInitScript(() => {
    const states: string[] = [];
    addEventListener('shout-state', (event) => {
      states.push((event as CustomEvent<{ connectionState: string }>).detail.connectionState);
    });
    Object.assign(window, { states });
  });
});
afterEach(() => page.close());

/** Makes the server hold back its answers to a path. @returns a function that releases them */
function hold(path: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  held[path] = promise;
  return resolve;
}

const states = () => page.evaluate(() => (window as unknown as { states: string[] }).states);

test('the first attempt connects: a box is never offline on its way, and nothing is diagnosed', async () => {
  await page.goto(site.url);
  await page.locator('[data-state=live]').waitFor();
  expect(await states()).not.toContain('offline');
  expect(answered.filter((path) => path === '/config')).toHaveLength(1);
  expect(asked.filter((path) => path.includes('diagnosis'))).toEqual([]);
});

test('the first messages show before the settings are here', async () => {
  const release = hold('/config');
  await page.goto(site.url);
  await page.getByText('First words').waitFor();
  expect(await states()).toEqual(['connecting']);
  release();
  await page.locator('[data-state=live]').waitFor();
});

test('the data for times is loaded while the first messages are on their way', async () => {
  const release = hold('/chat-history');
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
  release();
  await page.getByText('First words').waitFor();
});

test('the script asks for no list of all emoji, which takes long to compile', async () => {
  const script = await fetch(new URL('shout-box.js', site.url)).then((answer) => answer.text());
  expect(script).toContain('EPres');
  expect(script).not.toContain('RGI_Emoji');
});
