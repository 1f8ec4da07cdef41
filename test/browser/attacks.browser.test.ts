import { expect, test } from 'vitest';
import { ATTACKS } from '../../web/gallery/attacks.ts';
import { useGallery } from './gallery.ts';

const gallery = useGallery();

test('hostile text is shown as text: no element, no script, no link but a web link comes of it', async () => {
  const alerts: string[] = [];
  const page = await gallery.open('attacks', {
    before: async (page) => {
      page.on('dialog', (dialog) => {
        alerts.push(dialog.message());
        return dialog.dismiss();
      });
    },
  });
  const shown = await page.evaluate(() =>
    [...window.box.shadowRoot!.querySelectorAll('.text')].map((text) => ({
      text: text.textContent,
      tags: [...new Set([...text.querySelectorAll('*')].map(({ localName }) => localName))],
    })),
  );
  expect(shown.map(({ text }) => text)).toEqual(ATTACKS);
  for (const { tags } of shown) expect(['a', 'bdi']).toEqual(expect.arrayContaining(tags));
  const links = await page.evaluate(() =>
    [...window.box.shadowRoot!.querySelectorAll<HTMLAnchorElement>('.text a')].map(({ href, rel }) => ({ href, rel })),
  );
  expect(links.map(({ href }) => href)).toEqual(['https://example.org/?q=1']);
  for (const { rel } of links) expect(rel).toBe('noopener noreferrer nofollow ugc');
  expect(alerts).toEqual([]);
});

test('what a text does to directions and heights stays inside its own message', async () => {
  const page = await gallery.open('attacks');
  const spill = await page.evaluate(() =>
    [...window.box.shadowRoot!.querySelectorAll('.message')].map((message) => {
      const { unicodeBidi } = getComputedStyle(message.querySelector('.text')!);
      return { unicodeBidi, contain: getComputedStyle(message).contentVisibility };
    }),
  );
  for (const { unicodeBidi, contain } of spill) {
    expect(unicodeBidi).toMatch(/isolate|plaintext/);
    expect(contain).toBe('auto');
  }
});
