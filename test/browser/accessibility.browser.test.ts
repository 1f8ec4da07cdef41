import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scenes } from '../../web/gallery/scenes.ts';
import { useGallery } from './gallery.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const gallery = useGallery();
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

test.each(Object.keys(scenes))('axe finds nothing in "%s", light or dark', async (scene) => {
  const page = await gallery.open(scene, { context: { reducedMotion: 'reduce' } });
  await isClean(page);
});

test.each([
  ['to report a message', 'live', 'Report message'],
  ['to moderate a message', 'moderating', 'Moderate message'],
  ['of the room’s moderation', 'moderating', /^Moderation/],
])('axe finds nothing in the dialog %s, light or dark', async (_, scene, button) => {
  const page = await gallery.open(scene, { context: { reducedMotion: 'reduce', hasTouch: true, isMobile: true } });
  // Uses the keyboard, because WebKit's driver can't tap.
  await page.getByRole('button', { name: button }).first().press('Enter');
  await page.getByRole('dialog').getByRole('button').first().waitFor();
  await isClean(page);
});

async function isClean(page: Page): Promise<void> {
  await page.evaluate(axe);
  for (const theme of ['light', 'dark'] as const) {
    const { violations, passes } = await page.evaluate(
      async ([wanted, rules]) => {
        document.documentElement.dataset.theme = wanted;
        window.box.theme = wanted;
        await window.box.updateComplete;
        const { axe } = window as unknown as { axe: { run(root: string, options: object): Promise<AxeResults> } };
        return axe.run('shout-box', { runOnly: rules });
      },
      [theme, RULES] as const,
    );
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
    expect(found, theme).toEqual([]);
    expect(passes.length).toBeGreaterThan(10);
  }
}
