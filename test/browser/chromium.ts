import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const SYSTEM = [
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** No profile, no updates, no telemetry: the browser talks to the page under test and to nobody else. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The machine's own Chrome or Chromium (`CHROME_PATH` names another), else the one in `@sparticuz/chromium`. */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const system = [process.env.CHROME_PATH, ...SYSTEM].find((path) => path && existsSync(path));
  const { executablePath, env } = system ? { executablePath: system, env: process.env } : await packagedChromium();
  return chromium.launch({
    executablePath,
    env: env as Record<string, string>,
    headless: true,
    args: [...ARGUMENTS, ...args],
  });
}

/**
 * A Chromium out of npm, for a machine that has none. The package unpacks the libraries that a bare Linux lacks (NSS) only
 * on Lambda, so that is done here; and not with its own arguments, of which `--single-process` ends the browser with its
 * first page and `--disable-web-security` would make half of what is tested here meaningless.
 */
async function packagedChromium(): Promise<{ executablePath: string; env: NodeJS.ProcessEnv }> {
  const { default: packaged, inflate } = await import('@sparticuz/chromium');
  const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin');
  const executablePath = await packaged.executablePath();
  const libraries = await inflate(join(bin, 'al2023.tar.br'));
  const fonts = await inflate(join(bin, 'fonts.tar.br'));
  const path = [join(libraries, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { executablePath, env: { FONTCONFIG_PATH: fonts, ...process.env, LD_LIBRARY_PATH: path } };
}
