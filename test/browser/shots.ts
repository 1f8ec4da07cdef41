import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { scenes } from '../../web/gallery/scenes.ts';
import { launchChromium } from './chromium.ts';
import { servePages } from './pages.ts';

/**
 * `npm run shots [scene …]` takes pictures of all scenes or of the named ones, light and dark. Some scenes are taken at
 * every width, the others only at the normal one.
 */
const directory = join(import.meta.dirname, '../../web/shots');
const widths: Record<string, number> = { narrow: 280, normal: 400, wide: 960 };
const asked = process.argv.slice(2);

await mkdir(directory, { recursive: true });
const pages = await servePages();
const browser = await launchChromium();
try {
  for (const scene of Object.keys(scenes).filter((name) => asked.length === 0 || asked.includes(name))) {
    for (const [size, width] of Object.entries(widths)) {
      if (size !== 'normal' && !['live', 'guest', 'pill', 'arabic', 'banned', 'moderating'].includes(scene)) continue;
      for (const theme of ['light', 'dark']) await shoot(scene, theme, size, width);
    }
  }
} finally {
  await browser.close();
  await pages.close();
}

async function shoot(scene: string, theme: string, size: string, width: number): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: width + 24, height: 620 },
    reducedMotion: 'reduce',
    deviceScaleFactor: 2,
  });
  await page.goto(`${pages.url}gallery.html?scene=${scene}&theme=${theme}`);
  await page.evaluate(() => document.fonts.ready);
  await page.locator('shout-box .box').waitFor();
  await page.locator('html.settled').waitFor();
  await page.screenshot({ path: join(directory, `${scene}-${size}-${theme}.png`) });
  await page.close();
}
