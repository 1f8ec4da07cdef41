import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, type TestBrowser } from './browser.ts';

/** This test checks in each engine that `waitForFunction` goes on in the next document. Other tests rely on this. */
let server: Server;
let browser: TestBrowser;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    response.setHeader('content-type', 'text/html');
    // Because of this header, the browser shows the document in another process than the previous document.
    if (url === '/next') response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.end('<!doctype html><title>Any</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('what is awaited in a page is awaited in the document that replaces it, too', async () => {
  const page = await browser.newPage();
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => {
    if (location.pathname === '/next') return true;
    location.href = '/next';
    return new Promise(() => {});
  });
  expect(await page.evaluate(() => location.pathname)).toBe('/next');
  await page.close();
});
