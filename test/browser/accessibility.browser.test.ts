import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect, test } from 'vitest';
import { scenes } from '../../web/gallery/scenes.ts';
import { useGallery } from './gallery.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const gallery = useGallery();

for (const theme of ['light', 'dark']) {
  test.each(Object.keys(scenes))(`axe finds nothing in "%s", ${theme}`, async (scene) => {
    const page = await gallery.open(scene, { query: `theme=${theme}`, context: { reducedMotion: 'reduce' } });
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(root: unknown, options: unknown): Promise<AxeResults> } };
      return axe.run('shout-box', {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
    });
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))).toEqual([]);
    expect(passes.length).toBeGreaterThan(10);
    await page.close();
  });
}
