import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { takeLock } from '../../local/lock.ts';
import type { TestBrowser } from './browser.ts';
import { closeContexts, sharedBrowser } from './shared.ts';

/**
 * Arguments for every start. The last three keep the browser from sending requests of its own, such as for updates and
 * sync.
 */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the Chromium that `CHROME_PATH` names, or else the one of `@sparticuz/chromium`, which is the same on every
 * machine. Other installed browsers are not used, because with them tests could pass on one machine and fail on
 * another.
 */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const { executablePath, env } = chosenChromium() ?? (await packagedChromium());
  return chromium.launch({
    executablePath,
    env: env as Record<string, string>,
    headless: true,
    args: [...ARGUMENTS, ...args],
  });
}

/**
 * Returns the Chromium with these arguments. All test files of this process share that browser. `close` closes all
 * contexts of this process's browsers, but ends no browser.
 */
export async function sharedChromium(args: readonly string[] = []): Promise<TestBrowser> {
  const browser = await sharedBrowser(args.join(' '), () => launchChromium(args));
  return {
    newContext: (options) => browser.newContext(options),
    newPage: (options) => browser.newPage(options),
    close: closeContexts,
  };
}

function chosenChromium(): { executablePath: string; env: NodeJS.ProcessEnv } | undefined {
  const { CHROME_PATH } = process.env;
  if (!CHROME_PATH) return undefined;
  if (!existsSync(CHROME_PATH)) throw new Error(`CHROME_PATH names no file: ${CHROME_PATH}`);
  return { executablePath: CHROME_PATH, env: process.env };
}

/**
 * Unpacks the Chromium of `@sparticuz/chromium`, and the libraries (NSS) and fonts that a bare Linux lacks. The package
 * itself unpacks the libraries on Lambda only. The arguments that the package suggests are not used: `--single-process`
 * ends the browser with its first page, and `--disable-web-security` would make the tests of origins meaningless.
 */
async function packagedChromium(): Promise<{ executablePath: string; env: NodeJS.ProcessEnv }> {
  if (process.platform !== 'linux') {
    throw new Error('The packaged Chromium runs on Linux only: set CHROME_PATH to the path of a Chrome or Chromium.');
  }
  const { default: packaged, inflate } = await import('@sparticuz/chromium');
  const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin');
  const [executablePath, libraries, fonts] = await oneAtATime(async () => [
    await packaged.executablePath(),
    await inflate(join(bin, 'al2023.tar.br')),
    await inflate(join(bin, 'fonts.tar.br')),
  ]);
  const path = [join(libraries, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { executablePath, env: { FONTCONFIG_PATH: fonts, ...process.env, LD_LIBRARY_PATH: path } };
}

/** Lets only one process unpack at a time, because the package takes a half-unpacked file for a complete one. */
async function oneAtATime<T>(unpack: () => Promise<T>): Promise<T> {
  let release: (() => void) | undefined;
  while (!release) release = await takeLock(join(tmpdir(), 'shout-box-chromium.lock'));
  try {
    return await unpack();
  } finally {
    release();
  }
}
