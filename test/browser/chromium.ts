import { existsSync } from 'node:fs';
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
  if (system) return chromium.launch({ executablePath: system, headless: true, args: [...ARGUMENTS, ...args] });
  const { default: packaged } = await import('@sparticuz/chromium');
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    headless: true,
    args: [...new Set([...packaged.args, ...ARGUMENTS, ...args])],
  });
}
