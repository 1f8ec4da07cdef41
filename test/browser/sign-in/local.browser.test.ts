import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPages } from '../../../local/pages.ts';
import { freePort } from '../../../local/ports.ts';
import { readLocalSettings } from '../../../local/settings.ts';
import { launchBrowser, type TestBrowser } from '../browser.ts';

/** These tests open the sign-in pages as `npm start` serves them. */
let dataDir: string;
let server: Server;
let web: string;
let browser: TestBrowser;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shout-box-pages-'));
  const settings = readLocalSettings({ SHOUT_DATA_DIR: dataDir, SHOUT_WEB_PORT: `${await freePort()}` });
  ({ web } = settings);
  [server, browser] = await Promise.all([startPages(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test.each([
  ['sign-in.html', 'You have not agreed to sign in on any other site.'],
  ['callback.html', 'This page only finishes a sign-in.'],
])('%s has nothing to complain about in the console', async (name, says) => {
  const page = await browser.newPage({ locale: 'en' });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(`${web}/${name}`);
  await page.getByText(says).waitFor();
  expect(await page.evaluate(() => getComputedStyle(document.body).margin), 'its style sheet is there').toBe('0px');
  expect(complaints).toEqual([]);
});
