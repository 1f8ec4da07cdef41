import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPages } from './pages.ts';
import { freePort } from './ports.ts';
import { readLocalSettings } from './settings.ts';

let dataDir: string;
let server: Server;
let web: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shout-box-pages-'));
  const settings = readLocalSettings({ SHOUT_DATA_DIR: dataDir, SHOUT_WEB_PORT: `${await freePort()}` });
  ({ web } = settings);
  server = await startPages(settings);
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(dataDir, { recursive: true, force: true });
});

test.each([
  ['sign-in.html', "frame-ancestors 'none'"],
  ['callback.html', "frame-ancestors 'none'"],
  ['embed.html', /frame-ancestors 'self' http:\/\/localhost:\d+ http:\/\/127\.0\.0\.1:\d+$/],
])('%s has the headers of a deployment', async (page, ancestors) => {
  const { headers } = await fetch(`${web}/${page}?room=lobby`);
  expect(headers.get('content-security-policy')).toMatch(ancestors);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});
