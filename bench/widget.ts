import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { build as viteBuild } from 'vite';
import { launchChromium } from '../test/browser/chromium.ts';
import { OURS as BOX, IFRAME, LEAST, measureFirstWords } from './first-words.ts';
import { median } from './harness/measure.ts';
import type { Report } from './harness/report.ts';
import { installRivals } from './harness/rivals.ts';
import type { Options } from './main.ts';

const ROOT = join(import.meta.dirname, '..');
const OURS = 'shout-box';
const LIMIT = 'bare list of 50 rows';

/**
 * The script of each contestant's page. It defines `window.show`, which gets a list of messages, newest first, and
 * renders them. `show` then defines `window.arrive`, which adds one message, and `window.shows`, which returns whether
 * the page shows a text.
 */
const SOURCES: Record<string, string> = {
  [OURS]: `
    import '../web/gallery/gallery-box.ts';
    window.show = async (messages) => {
      const box = document.createElement('shout-box');
      box.setAttribute('room', 'live');
      document.body.append(box);
      await box.updateComplete;
      box.client.change({ feed: { messages, pending: new Map() }, position: { epoch: 'gallery', last: messages[0].seq } });
      await box.updateComplete;
      window.arrive = (message) => box.client.arrive({ ...message, type: 'MessagePosted', data: { text: message.text } });
      window.shows = (text) => box.shadowRoot.textContent.includes(text);
    };`,
  // The limit is rows of plain text, because they show what a new row costs the browser itself.
  [LIMIT]: `
    const row = ({ actor, text }) => Object.assign(document.createElement('li'), { textContent: actor.name + ': ' + text });
    window.show = async (messages) => {
      const list = document.createElement('ul');
      list.style.cssText = 'height: 500px; overflow: auto';
      list.append(...messages.slice(0, 50).map(row));
      document.body.append(list);
      window.arrive = (message) => { list.prepend(row(message)); list.lastChild.remove(); };
      window.shows = (text) => list.textContent.includes(text);
    };`,
  '@lit-labs/virtualizer': `
    import '@lit-labs/virtualizer';
    import { html } from 'lit';
    window.show = async (messages) => {
      const list = document.createElement('lit-virtualizer');
      list.scroller = true;
      list.style.cssText = 'height: 500px';
      list.renderItem = ({ actor, text }) => html\`<p><b>\${actor.name}</b> \${text}</p>\`;
      list.items = messages;
      document.body.append(list);
      await list.layoutComplete;
      window.arrive = (message) => { list.items = [message, ...list.items]; };
      window.shows = (text) => list.textContent.includes(text);
    };`,
  // deep-chat shows the newest message at the bottom, so it gets the messages oldest first.
  'deep-chat': `
    import 'deep-chat';
    window.show = async (messages) => {
      const chat = document.createElement('deep-chat');
      chat.demo = true;
      chat.history = messages.toReversed().map(({ text }) => ({ role: 'ai', text }));
      document.body.append(chat);
      while (!chat.shadowRoot.textContent.includes(messages[0].text)) await new Promise(requestAnimationFrame);
      window.arrive = ({ text }) => chat.addMessage({ role: 'ai', text });
      window.shows = (text) => chat.shadowRoot.textContent.includes(text);
    };`,
};

/**
 * Largest number of messages that a contestant is measured with. deep-chat renders all messages as Markdown at the
 * start, which takes minutes for 10,000 messages.
 */
const LARGEST: Record<string, number> = { 'deep-chat': 1_000 };

interface Measured {
  firstMs: number;
  arrivalMs: number;
  heapMb: number;
}

/**
 * Compares the element with other components in a real Chromium: processor time of the main thread, memory, size,
 * layout shift, and time to the first message.
 */
export async function run({ quick }: Options): Promise<Report> {
  await installRivals();
  const scripts = Object.fromEntries(
    await Promise.all(Object.entries(SOURCES).map(async ([name, source]) => [name, await bundle(source)] as const)),
  );
  const browser = await launchChromium();
  try {
    const sizes = quick ? [100, 1_000] : [100, 1_000, 10_000];
    const rows: (string | number)[][] = [];
    const measured = new Map<string, Measured>();
    for (const count of sizes) {
      const samples = new Map<string, Measured[]>();
      for (let round = 0; round < (quick ? 1 : 3); round++) {
        for (const [name, script] of Object.entries(scripts)) {
          if (count > (LARGEST[name] ?? count)) continue;
          samples.set(name, [...(samples.get(name) ?? []), await measure(browser, script, count)]);
        }
      }
      for (const [name, all] of samples) {
        const of = (key: keyof Measured) => median(all.map((one) => one[key]));
        const result = { firstMs: of('firstMs'), arrivalMs: of('arrivalMs'), heapMb: of('heapMb') };
        measured.set(`${name}/${count}`, result);
        rows.push([name, count, result.firstMs, result.arrivalMs, result.heapMb]);
      }
    }
    const largest = sizes.at(-1)!;
    const at = (name: string, count = largest) => measured.get(`${name}/${count}`)!;
    const bytes = await sizesInKb();
    const first = await measureFirstWords(browser, join(ROOT, 'web/dist'), quick ? 3 : 7);
    const roundTripsMore = (cache: 'cold' | 'warm') =>
      (first.of(BOX, cache).ms - first.of(LEAST, cache).ms) / first.roundTripMs;
    return {
      title: `One message arrives in a feed of ${largest.toLocaleString('en-US')}`,
      unit: 'ms of main thread',
      ours: at(OURS).arrivalMs,
      limit: at(LIMIT).arrivalMs,
      rivals: {
        '@lit-labs/virtualizer': at('@lit-labs/virtualizer').arrivalMs,
        'deep-chat, of 1,000': at('deep-chat', 1_000).arrivalMs,
      },
      claims: [
        { what: 'an arrival among the most rows, ms', value: at(OURS).arrivalMs, atMost: 50 },
        {
          what: 'an arrival among the most rows, to one among 100',
          value: at(OURS).arrivalMs / at(OURS, 100).arrivalMs,
          atMost: 2,
        },
        {
          what: 'first words on a slow phone, round trips more than the least',
          value: roundTripsMore('cold'),
          atMost: 1,
        },
        { what: 'the same from a warm cache', value: roundTripsMore('warm'), atMost: 1 },
        {
          what: 'first words, to those in an iframe',
          value: first.of(BOX, 'cold').ms / first.of(IFRAME, 'cold').ms,
          atMost: 0.85,
        },
        {
          what: 'layout shift on the way there, where up to 0.1 is called good',
          value: Math.max(first.of(BOX, 'cold').shift, first.of(BOX, 'warm').shift),
          atMost: 0.001,
        },
      ],
      tables: [
        {
          caption:
            'Processor time of the main thread: script, style, layout and paint. Every message that arrived was shown, or the run fails.',
          columns: ['', 'rows', 'script and first render, ms', 'an arrival, ms', 'heap, MB'],
          rows,
        },
        {
          caption:
            'From navigation to the first readable message on a slow phone: 4 × slower, 150 ms round trip, 1.6 Mbit/s.',
          columns: ['', 'cold, ms', 'warm, ms', 'layout shift'],
          rows: first.names.map((name) => {
            const [cold, warm] = [first.of(name, 'cold'), first.of(name, 'warm')];
            return [name, cold.ms, warm.ms, Math.max(cold.shift, warm.shift)];
          }),
        },
        { caption: 'What a page loads, gzipped:', columns: ['', 'KB'], rows: bytes },
      ],
    };
  } finally {
    await browser.close();
  }
}

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2024',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

async function sizesInKb(): Promise<(string | number)[][]> {
  await viteBuild({ configFile: join(ROOT, 'web/vite.config.ts'), logLevel: 'error' });
  const kb = async (script: string | Buffer) => (await promisify(gzip)(script)).length / 1_000;
  const dist = join(ROOT, 'web/dist');
  const files = await readdir(dist);
  const built = (start: string) => readFile(join(dist, files.find((name) => name.startsWith(start))!)).then(kb);
  const [read, language, writing, signIn] = await Promise.all(
    ['shout-box.js', 'shout-box-en.js', 'shout-box-writing', 'shout-box-sign-in'].map(built),
  );
  return [
    ['shout-box: the element, the feed, the connection', read!],
    ['… and English and the composer', read! + language! + writing!],
    ['… and the sign-in, once somebody signs in', read! + language! + writing! + signIn!],
    ['emoji-picker-element', await kb(await bundle(`import 'emoji-picker-element';`))],
    ['@lit-labs/virtualizer: a list alone', await kb(await bundle(`import '@lit-labs/virtualizer';`))],
    ['deep-chat', await kb(await bundle(`import 'deep-chat';`))],
  ];
}

async function measure(browser: Browser, script: string, count: number): Promise<Measured> {
  const page = await browser.newPage({ viewport: { width: 424, height: 620 } });
  try {
    await page.setContent('<!doctype html><html lang="en"><body></body></html>');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await metric(devtools, 'TaskDuration');
    await page.addScriptTag({ content: script });
    await page.evaluate((total) => {
      const actor = { id: 'bob'.padEnd(22, '_'), name: 'bob' };
      const at = Date.now();
      const messages = Array.from({ length: total }, (_, index) => ({
        seq: total - index,
        id: `${actor.id}:m${total - index}`,
        at: at - index * 1_000,
        actor,
        text: `Message ${total - index} with a link to https://example.org/${index}`,
      }));
      return (window as unknown as { show(messages: unknown): Promise<void> }).show(messages);
    }, count);
    await painted(page);
    const firstMs = ((await metric(devtools, 'TaskDuration')) - before) * 1_000;
    const arrivals: number[] = [];
    for (let n = 0; n < 15; n++) {
      const start = await metric(devtools, 'TaskDuration');
      await arrive(page, `Arrival ${n}.`, count + n + 1);
      arrivals.push(((await metric(devtools, 'TaskDuration')) - start) * 1_000);
    }
    const shown = await page.evaluate(() =>
      (window as unknown as { shows(text: string): boolean }).shows('Arrival 14.'),
    );
    if (!shown) throw new Error('The last message that arrived is not shown.');
    await devtools.send('HeapProfiler.collectGarbage');
    return { firstMs, arrivalMs: median(arrivals), heapMb: (await metric(devtools, 'JSHeapUsedSize')) / 1e6 };
  } finally {
    await page.close();
  }
}

async function arrive(page: Page, text: string, seq: number): Promise<void> {
  await page.evaluate((message) => (window as unknown as { arrive(message: unknown): void }).arrive(message), {
    id: `${'alice'.padEnd(22, '_')}:${seq}`,
    seq,
    at: Date.now(),
    actor: { id: 'alice'.padEnd(22, '_'), name: 'alice' },
    text,
  });
  await painted(page);
}

const painted = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

async function metric(devtools: CDPSession, name: string): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find((one) => one.name === name)!.value;
}
