import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

test('a page with the name of a property that every object has is no page of ours', async () => {
  // If the middleware took `constructor` for one of its pages, it would fail to read the page's file, and this request
  // would get no answer.
  expect((await fetch(`${web}/constructor.html`, { signal: AbortSignal.timeout(10_000) })).ok).toBe(true);
});

describe('another site that a developer has open', () => {
  const root = join(import.meta.dirname, '..');
  test.each(['issuer-key.json', 'dynamodb.sqlite', 'local.log'])('cannot read %s', async (file) => {
    await writeFile(join(dataDir, file), 'secret');
    const answer = await fetch(`${web}/@fs${join(dataDir, file)}`);
    expect({ status: answer.status, text: await answer.text() }).toEqual({
      status: 403,
      text: expect.not.stringContaining('secret'),
    });
  });

  test.each(['package.json', 'local/start.ts', 'serverless.yml', 'deploy/params.example.yml'])(
    'cannot read %s',
    async (file) => {
      expect((await fetch(`${web}/@fs${join(root, file)}`)).status).toBe(403);
    },
  );

  test.each(['/@vite/client', '/index.html', `/@fs${root}/web/element/shout-box.ts`])(
    'may not read %s, which the pages here need',
    async (path) => {
      const answer = await fetch(`${web}${path}`, { headers: { Origin: 'http://other.example' } });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    },
  );

  test('may load the widget', async () => {
    const answer = await fetch(`${web}/shout-box.js`, { headers: { Origin: 'http://other.example' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  });

  test.each(['index.html', 'sign-in.html'])('does not get to %s by another name', async (page) => {
    const status = new Promise<number | undefined>((resolve, reject) => {
      request(`${web}/${page}`, { headers: { Host: 'other.example' } }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
    expect(await status).toBe(403);
  });
});
