import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalSettings } from './settings.ts';

/** Where a running stack is, for scripts and tests: `<data dir>/local.json`. */
export interface LocalAddresses {
  http: string;
  ws: string;
  issuer: string;
  web: string;
  dynamodb: string;
  /** A page of another origin that embeds the built widget. */
  embed: string;
  audience: string;
  clientId: string;
  pid: number;
  /** What the stack has started, by name. */
  children: Record<string, number>;
}

/**
 * Makes the data directory ours, so that no two stacks write one database. The claim of a process that is gone does not count.
 * @throws Error in one sentence
 * @returns gives it back
 */
export async function claimDataDir(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'pid');
  try {
    const claim = await open(file, 'wx');
    await claim.writeFile(String(process.pid));
    await claim.close();
    return () => rm(file, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const pid = Number(await readFile(file, 'utf8'));
  if (pid && isAlive(pid)) {
    throw new Error(
      `A stack is running on ${dir} already (process ${pid}): stop it, or set SHOUT_DATA_DIR to another directory. If that process is something else, remove ${file}.`,
    );
  }
  await rm(file, { force: true });
  return claimDataDir(dir);
}

/** Atomic, so that who waits for the file never reads half of it. @returns removes it */
export async function writeAddresses(dir: string, addresses: LocalAddresses): Promise<() => Promise<void>> {
  const file = addressFile(dir);
  await writeFile(`${file}.new`, `${JSON.stringify(addresses, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
  return () => rm(file, { force: true });
}

/** @returns undefined where no stack runs on the directory */
export async function readAddresses(dir: string): Promise<LocalAddresses | undefined> {
  const text = await readFile(addressFile(dir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const addresses = JSON.parse(text) as LocalAddresses;
  return isAlive(addresses.pid) ? addresses : undefined;
}

export function addressesOf(settings: LocalSettings, children: Record<string, number>): LocalAddresses {
  return {
    http: settings.http,
    ws: settings.ws,
    issuer: settings.issuer.url,
    web: settings.web,
    dynamodb: settings.dynamodb.endpoint,
    embed: `${settings.otherOrigin}/other-origin.html`,
    audience: settings.audience,
    clientId: settings.clientId,
    pid: process.pid,
    children,
  };
}

function addressFile(dir: string): string {
  return join(dir, 'local.json');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // There, but not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
