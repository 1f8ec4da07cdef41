import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { median } from './harness/measure.ts';

/**
 * A slow phone: round trip and download speed of Lighthouse's "Slow 4G", and a processor that is four times slower than
 * this machine's.
 */
const ROUND_TRIP_MS = 150;
const BYTES_PER_SECOND = 1_600_000 / 8;
const SLOWER = 4;

const WORDS = 'First words';
const EPOCH = 'one';
const HEAD = 30;
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html', '.json': 'application/json' };

export interface FirstWords {
  /** Time from navigation until an animation frame finds the newest message on the page. */
  ms: number;
  /** Sum of the layout shifts in the page and its frames. */
  shift: number;
}

export const OURS = 'shout-box';
export const LEAST = 'the box, with the history fetched in parallel with the script';
export const UNRUN = 'the network alone: the script not executed, the history in parallel';
export const IFRAME = 'the box in an iframe, inserted by a script as giscus does';

const BOX = '<script type="module" src="/shout-box.js"></script><shout-box server="/"></shout-box>';

/** The pages of the contestants, by name. */
const PAGES: Readonly<Record<string, { path: string; body: string }>> = {
  [OURS]: { path: '/ours', body: BOX },
  // The minimum number of round trips: first the page, then its script and the history in parallel.
  [LEAST]: {
    path: '/least',
    body: `<script>
      const { fetch: ask } = window;
      const early = ask('/chat-history');
      window.fetch = (url, options) => (String(url).includes('/chat-history') ? early : ask(url, options));
    </script>${BOX}`,
  },
  // Fetches the script and the history, and does not run the script.
  [UNRUN]: {
    path: '/unrun',
    body: `<main></main><script>
      const script = fetch('/shout-box.js').then((answer) => answer.text());
      const history = fetch('/chat-history').then((answer) => answer.json());
      Promise.all([history, script]).then(([{ messages }]) => {
        for (const { text } of messages) document.querySelector('main').append(Object.assign(document.createElement('p'), { textContent: text }));
      });
    </script>`,
  },
  [IFRAME]: { path: '/iframe', body: '<script src="/client.js" async></script><div style="height: 544px"></div>' },
};

/** Measures the time to the first readable message, with a cold and a warm cache. The contestants take turns. */
export async function measureFirstWords(browser: Browser, dist: string, rounds: number) {
  const site = await serve(dist);
  try {
    const samples = new Map<string, FirstWords[]>();
    for (let round = 0; round < rounds; round++) {
      for (const [name, { path }] of Object.entries(PAGES)) {
        const context = await browser.newContext({ viewport: { width: 412, height: 732 } });
        for (const cache of ['cold', 'warm']) {
          const key = `${name}/${cache}`;
          samples.set(key, [...(samples.get(key) ?? []), await open(context, site.url + path)]);
        }
        await context.close();
      }
    }
    const of = (name: string, cache: 'cold' | 'warm'): FirstWords => {
      const all = samples.get(`${name}/${cache}`)!;
      return { ms: median(all.map(({ ms }) => ms)), shift: Math.max(...all.map(({ shift }) => shift)) };
    };
    return { of, names: Object.keys(PAGES), roundTripMs: ROUND_TRIP_MS };
  } finally {
    for (const socket of site.sockets.clients) socket.terminate();
    site.server.closeAllConnections();
    site.server.close();
  }
}

async function open(context: BrowserContext, url: string): Promise<FirstWords> {
  const page = await context.newPage();
  try {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: ROUND_TRIP_MS,
      downloadThroughput: BYTES_PER_SECOND,
      uploadThroughput: BYTES_PER_SECOND,
    });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.addInitScript((words) => {
      const outer = top as unknown as { shift: number; shownAt?: number; performance: Performance };
      outer.shift ??= 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) outer.shift += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
      const look = () => {
        const root = document.querySelector('shout-box')?.shadowRoot ?? document.body;
        if (root?.textContent?.includes(words)) outer.shownAt ??= outer.performance.now();
        else requestAnimationFrame(look);
      };
      look();
    }, WORDS);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => 'shownAt' in window);
    // Waits a second, because content that loads after the first message can still shift the layout.
    await page.waitForTimeout(1_000);
    return await page.evaluate(() => {
      const { shownAt, shift } = window as unknown as { shownAt: number; shift: number };
      return { ms: shownAt, shift };
    });
  } finally {
    await page.close();
  }
}

/** Serves the contestants' pages, the built box and the answers of its API. Browsers may cache only the scripts. */
async function serve(dist: string): Promise<{ url: string; server: Server; sockets: WebSocketServer }> {
  const page = (body: string) =>
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">${body}`;
  const files = new Map<string, string | Buffer>();
  for (const file of await readdir(dist))
    if (file.endsWith('.js')) files.set(`/${file}`, await readFile(join(dist, file)));
  for (const { path, body } of Object.values(PAGES)) files.set(path, page(body));
  files.set('/frame', page(BOX));
  files.set(
    '/client.js',
    `const frame = document.createElement('iframe');
    frame.src = '/frame';
    frame.style = 'border: 0; width: 100%; height: 544px';
    document.querySelector('div').append(frame);`,
  );
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const body = files.get(pathname);
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': TYPES[extname(pathname)] ?? 'text/html',
      'content-encoding': 'gzip',
      'cache-control': pathname.endsWith('.js') ? 'max-age=600' : 'no-store',
    });
    response.end(gzipSync(body ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'shout-box.v1' });
  sockets.on('connection', (socket) => {
    socket.on('message', () => socket.send(JSON.stringify({ type: 'pong', epoch: EPOCH, head: HEAD })));
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://localhost:${port}`;
  for (const path of ['/ours', '/least', '/frame'])
    files.set(path, String(files.get(path)).replace('server="/"', `server="${url}"`));
  files.set('/config', JSON.stringify(settings(port)));
  files.set('/chat-history', JSON.stringify(history()));
  return { url, server, sockets };
}

function settings(port: number) {
  return {
    webSocketUrl: `ws://localhost:${port}/socket`,
    issuer: `http://localhost:${port}`,
    clientId: 'shout-box',
    audience: 'https://shout-box.example',
    scope: 'openid',
    nameClaim: 'name',
    guests: true,
    limits: { textGraphemes: 500, textBytes: 2048, pageSize: 100 },
  };
}

function history() {
  const actor = { id: 'bob'.padEnd(22, '_'), name: 'bob' };
  const messages = Array.from({ length: HEAD }, (_, index) => {
    const seq = HEAD - index;
    return {
      seq,
      id: `${actor.id}:m${seq}`,
      at: Date.now() - index * 60_000,
      actor,
      text: index ? `Message ${seq}` : WORDS,
    };
  });
  return { epoch: EPOCH, head: HEAD, messages, nextBefore: null };
}
