import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser, type TestBrowser } from './browser.ts';
import { servePages } from './pages.ts';

let browser: TestBrowser;
let pages: Awaited<ReturnType<typeof servePages>>;
let page: Page;

beforeAll(async () => {
  [pages, browser] = await Promise.all([servePages(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});
beforeEach(async () => {
  page = await browser.newPage();
});

/** Opens a page with one box. `script` runs before the element is defined. */
async function open(attributes: string, script = ''): Promise<void> {
  const body = `<!doctype html><shout-box ${attributes}></shout-box><script>
    window.box = document.querySelector('shout-box'); ${script}
  </script><script type="module" src="/element/define.ts"></script>`;
  await page.route('**/made-up.html', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.route(/\/config$/, (route) => route.abort());
  await page.goto(`${pages.url}made-up.html`);
  await page.locator('shout-box .box').waitFor();
}

test('attributes are read as what they mean, and where they are missing the defaults hold', async () => {
  await open('page-size="7" readonly unread-title room="backstage"');
  expect(
    await page.evaluate(() => {
      const { pageSize, readonly, unreadTitle, room, theme, announce } = window.box;
      return { pageSize, readonly, unreadTitle, room, theme, announce };
    }),
  ).toEqual({ pageSize: 7, readonly: true, unreadTitle: true, room: 'backstage', theme: 'page', announce: 'all' });
});

test('what a page sets before the script has come counts more than an attribute', async () => {
  await open('room="attribute" page-size="7"', `box.room = 'property';`);
  expect(await page.evaluate(() => [window.box.room, window.box.pageSize])).toEqual(['property', 7]);
});

test('a change shows in the next update: once for several, and not after none', async () => {
  await open('');
  const renders = await page.evaluate(async () => {
    const { box } = window;
    const count = async (change: () => void) => {
      let changes = 0;
      const observer = new MutationObserver(() => changes++);
      observer.observe(box.shadowRoot!.querySelector('.box')!, { attributes: true, attributeFilter: ['class'] });
      change();
      await box.updateComplete;
      changes += observer.takeRecords().length;
      observer.disconnect();
      return changes;
    };
    return [
      await count(() => {
        box.theme = 'page';
        box.theme = 'dark';
      }),
      await count(() => {
        box.theme = 'dark';
      }),
      await count(() => box.setAttribute('theme', 'light')),
    ];
  });
  expect(renders).toEqual([1, 0, 1]);
});

test('lang is the attribute, also where it is set as a property', async () => {
  await open('');
  await page.evaluate(() => {
    window.box.lang = 'fr';
  });
  expect(await page.getAttribute('shout-box', 'lang')).toBe('fr');
  await page.locator('shout-box .box[lang="fr"]').waitFor();
});

test('where no language can be had, there is a box to use all the same', async () => {
  await page.route(/\/locales\//, (route) => route.abort());
  await open('lang="de"');
  await page.getByRole('textbox').fill('hi');
  expect(await page.locator('shout-box .box').textContent()).not.toContain('undefined');
});

test('the first state that a page hears is that the box connects', async () => {
  await open(
    'server="https://nowhere.example"',
    `window.states = []; box.addEventListener('shout-state', ({ detail }) => states.push(detail.connectionState));`,
  );
  const states = await page.evaluate(() => (window as unknown as { states: string[] }).states);
  expect(states[0]).toBe('connecting');
  expect(states).not.toContain('closed');
});

test('whoever extends it keeps their styles when the composer has come', async () => {
  await open('');
  await page.evaluate(() => {
    const Box = customElements.get('shout-box') as unknown as { new (): HTMLElement; styles: object[] };
    const styleSheet = new CSSStyleSheet();
    styleSheet.replaceSync('.box { outline: 3px solid rgb(1, 2, 3) }');
    customElements.define(
      'my-box',
      class extends Box {
        static override styles = [...Box.styles, { styleSheet }];
      },
    );
    document.body.append(document.createElement('my-box'));
  });
  await page.locator('my-box textarea').waitFor();
  const styleOf = (selector: string, property: 'outlineColor' | 'display') =>
    page.locator(`my-box ${selector}`).evaluate((element, name) => getComputedStyle(element)[name], property);
  expect(await styleOf('.box', 'outlineColor')).toBe('rgb(1, 2, 3)');
  expect(await styleOf('.field', 'display')).toBe('flex');
});

test('an update that throws is reported, and the next one goes on', async () => {
  await open('');
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.evaluate(async () => {
    const { box } = window;
    Object.defineProperty(box, 'messages', {
      configurable: true,
      get: () => {
        throw new Error('made up');
      },
    });
    box.theme = 'dark';
    await new Promise(requestAnimationFrame);
    delete (box as { messages?: unknown }).messages;
    box.theme = 'light';
    await box.updateComplete;
  });
  await page.locator('shout-box .theme-light').waitFor();
  expect(new Set(errors)).toEqual(new Set(['made up']));
});

test.each([
  `box.removeAttribute('theme'); box.removeAttribute('room'); box.removeAttribute('announce')`,
  `box.theme = box.room = box.announce = box.pageSize = box.callback = box.remember = box.server = undefined`,
  `box.theme = box.room = box.announce = box.pageSize = box.callback = box.remember = box.server = null`,
  `box.theme = box.room = box.announce = box.pageSize = box.callback = box.remember = box.server = ''`,
  `box.theme = 'sepia'; box.announce = 'loud'; box.remember = 'ever'; box.room = ' '; box.pageSize = NaN`,
])('what is taken away, empty or unknown is the default again: %s', async (change) => {
  await open('theme="dark" room="backstage" announce="off"');
  expect(
    await page.evaluate(async (script) => {
      new Function('box', script)(window.box);
      await window.box.updateComplete;
      const { theme, room, pageSize, announce, callback, remember, server } = window.box;
      const classes = [...window.box.shadowRoot!.querySelector('.box')!.classList];
      return { theme, room, pageSize, announce, callback, remember, server, shown: classes.includes('theme-page') };
    }, change),
  ).toEqual({
    ...{ theme: 'page', room: 'lobby', pageSize: 30, announce: 'all' },
    ...{ callback: '', remember: 'tab', server: '', shown: true },
  });
});

test('a server that is set as a URL object, or with blanks around it, is its address', async () => {
  await open('');
  expect(
    await page.evaluate(async () => {
      const { box } = window;
      const read = async (server: unknown) => {
        box.server = server as string;
        await box.updateComplete;
        return box.server;
      };
      return [await read(new URL('https://nowhere.example/prod')), await read(' https://nowhere.example\n')];
    }),
  ).toEqual(['https://nowhere.example/prod', 'https://nowhere.example']);
});

test('a box inside another component speaks the language around that component', async () => {
  await open('');
  await page.evaluate(() => {
    document.documentElement.lang = 'de';
    const outer = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
    const inner = outer.appendChild(document.createElement('div')).attachShadow({ mode: 'closed' });
    inner.append(document.createElement('shout-box'));
    (window as unknown as { inner: ShadowRoot }).inner = inner;
  });
  await page.waitForFunction(() => {
    const { inner } = window as unknown as { inner: ShadowRoot };
    return inner.querySelector('shout-box')!.shadowRoot!.querySelector('.box')?.getAttribute('lang') === 'de';
  });
});
