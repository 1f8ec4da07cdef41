import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GalleryBox } from '../../web/gallery/gallery-box.ts';
import { launchBrowser, type TestBrowser } from './browser.ts';

/**
 * A strict Content Security Policy. It allows only scripts and frames of the page's own origin, and requires Trusted
 * Types.
 */
const STRICT = [
  "default-src 'none'",
  "script-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html 'allow-duplicates'",
].join('; ');

const web = join(import.meta.dirname, '../../web');
let directory: string;
let server: Server;
let browser: TestBrowser;
let origin: string;
/** The HTML bodies that the server sends, by path. */
const bodies = new Map<string, string>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shout-box-hostile-'));
  await build({
    configFile: join(web, 'vite.config.ts'),
    logLevel: 'error',
    build: {
      outDir: directory,
      emptyOutDir: true,
      rollupOptions: { input: { box: join(web, 'gallery/gallery-box.ts') } },
    },
  });
  server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const body = bodies.get(pathname);
    if (body !== undefined) {
      response.writeHead(200, {
        'Content-Type': 'text/html',
        ...(pathname === '/' && { 'Content-Security-Policy': STRICT }),
      });
      response.end(`<!doctype html><html lang="en"><title>Host</title><body>${body}`);
    } else if (pathname.startsWith('/js/')) {
      const script = await readFile(join(directory, pathname.slice(3))).catch(() => '');
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }).end(script);
    } else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  await rm(directory, { recursive: true, force: true });
});

const SCRIPT = '<script type="module" src="/js/box.js"></script>';

/** Opens a page with the strict policy and collects the browser's errors. */
async function host(body: string, before?: (page: Page) => Promise<unknown>): Promise<Page & { complaints: string[] }> {
  bodies.set('/', body);
  const page = Object.assign(await browser.newPage({ viewport: { width: 500, height: 700 } }), {
    complaints: [] as string[],
  });
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(error.message));
  await before?.(page);
  await page.goto(origin);
  return page;
}

const LIVE = '<shout-box room="live"></shout-box>';

test.each(['live', 'sending', 'pill', 'longDraft', 'limited', 'attacks', 'arabic'])(
  'a strict Content Security Policy with Trusted Types finds nothing to refuse in "%s"',
  async (scene) => {
    const page = await host(`${SCRIPT}<shout-box room="${scene}"></shout-box>`);
    await page.locator('.message').first().waitFor();
    await page.getByRole('textbox').fill('typed');
    await page.getByRole('textbox').press('Enter');
    expect(page.complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
    expect(await page.evaluate(() => document.querySelector('shout-box')!.shadowRoot!.querySelector('[style]'))).toBe(
      null,
    );
    await page.close();
  },
);

test('`* { all: unset !important }` of the page leaves the box as it is', async () => {
  const look = async (hostile: boolean) => {
    const page = await host(SCRIPT + LIVE);
    await page.evaluate(async (unset) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { all: unset !important }');
      if (unset) document.adoptedStyleSheets.push(sheet);
    }, hostile);
    await page.locator('.message').first().waitFor();
    await page.locator('.send').waitFor();
    const box = (await page.locator('.box').boundingBox())!;
    const styles = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('shout-box')!;
      return ['.box', '.title', 'textarea', '.send', '.author', '.text', '.avatar', 'time'].map((selector) => {
        const { color, backgroundColor, fontSize, fontFamily, display, borderRadius } = getComputedStyle(
          shadowRoot!.querySelector(selector)!,
        );
        return { selector, color, backgroundColor, fontSize, fontFamily, display, borderRadius };
      });
    });
    await page.close();
    return { box, styles };
  };
  const [plain, unset] = [await look(false), await look(true)];
  expect(unset.styles).toEqual(plain.styles);
  expect(unset.box.width).toBeGreaterThan(400);
  expect(unset.box.height).toBeGreaterThan(300);
});

test('hotkeys of the page neither hear nor swallow what is typed into the box', async () => {
  const page = await host(SCRIPT + LIVE, (page) =>
    page.addInitScript(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      document.addEventListener('keydown', ({ key }) => heard.push(key));
      document.addEventListener('keyup', ({ key }) => heard.push(key));
      // Prevents the default action of `s` in the capture phase, in which the page gets the event before the box does.
      window.addEventListener('keydown', (event) => event.key === 's' && event.preventDefault(), { capture: true });
    }),
  );
  await page.getByRole('textbox').pressSequentially('js says ?');
  expect(await page.getByRole('textbox').inputValue()).toBe('js says ?');
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
});

test('two boxes on one page keep to themselves', async () => {
  const page = await host(`${SCRIPT}<shout-box room="live"></shout-box><shout-box room="empty"></shout-box>`);
  const [first, second] = [page.locator('shout-box').first(), page.locator('shout-box').last()];
  await first.locator('.message').first().waitFor();
  await second.getByRole('textbox').fill('only here');
  await second.getByRole('textbox').press('Enter');
  await second.locator('.message').first().waitFor();
  expect(await first.locator('.message').count()).toBe(8);
  expect(await first.getByRole('textbox').inputValue()).toBe('');
});

test('moved within the page it stays connected; taken out it closes, put in again it opens', async () => {
  const page = await host(`${SCRIPT}${LIVE}<div></div>`);
  await page.locator('.message').first().waitFor();
  const calls = await page.evaluate(async () => {
    const box = document.querySelector<GalleryBox>('shout-box')!;
    const { calls } = box.client;
    document.querySelector('div')!.append(box);
    await Promise.resolve();
    const moved = calls.splice(0);
    box.remove();
    await Promise.resolve();
    const removed = calls.splice(0);
    document.body.append(box);
    await box.updateComplete;
    return { moved, removed, back: calls.splice(0) };
  });
  expect(calls.moved).not.toContain('close');
  expect(calls.removed).toEqual(['close']);
  expect(calls.back).toEqual(['open']);
  expect(await page.locator('.message').count()).toBe(8);
});

test('the script may be loaded twice, also from another address', async () => {
  const page = await host(`${SCRIPT}<script type="module" src="/js/box.js?again"></script>${LIVE}`);
  await page.locator('.message').first().waitFor();
  expect(await page.locator('.box').count()).toBe(1);
  expect(page.complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
});

test('in an iframe, sandboxed without storage, it still works', async () => {
  bodies.set('/framed', SCRIPT + LIVE);
  const page = await host(
    '<iframe src="/framed" title="box" sandbox="allow-scripts" width="400" height="500"></iframe>',
  );
  const frame = page.frameLocator('iframe');
  await frame.getByRole('textbox').fill('from a frame');
  await frame.getByRole('button', { name: 'Send' }).click();
  await frame.getByText('from a frame').waitFor();
});

test('a page kept for the back button closes its connection, and opens it when shown again', async () => {
  const page = await host(SCRIPT + LIVE);
  await page.locator('.message').first().waitFor();
  const calls = await page.evaluate(() => {
    const { calls } = document.querySelector<GalleryBox>('shout-box')!.client;
    calls.splice(0);
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    return calls;
  });
  expect(calls).toEqual(['close', 'open']);
});

test('offline and online are passed on, and a state that is not live is said so', async () => {
  const page = await host(SCRIPT + LIVE);
  await page.locator('.message').first().waitFor();
  await page.evaluate(() => {
    const { client } = document.querySelector<GalleryBox>('shout-box')!;
    client.calls.splice(0);
    client.change({ connection: 'offline' });
    window.dispatchEvent(new Event('online'));
  });
  expect(await page.evaluate(() => document.querySelector<GalleryBox>('shout-box')!.client.calls)).toEqual(['wake']);
  expect(await page.locator('.status').textContent()).toContain('Offline');
  expect(await page.locator('.message').count()).toBe(8);
});
