import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLocked, takeLock } from './lock.ts';
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

export interface Claim {
  /** Whether the stack before this one never gave the directory back: what it started may still be ending. */
  afterCrash: boolean;
  release(): Promise<void>;
}

/**
 * Makes the data directory ours, so that no two stacks write one database. Ends with this process, however it ends.
 * @throws Error in one sentence
 */
export async function claimDataDir(dir: string): Promise<Claim> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'pid');
  const release = await takeLock(lockFile(dir));
  // Only to be told: whether that process is there, the lock knows.
  const pid = await readFile(file, 'utf8').catch(() => undefined);
  if (!release) {
    throw new Error(
      `A stack is running on ${dir} already (process ${pid}): stop it, or set SHOUT_DATA_DIR to another directory.`,
    );
  }
  await writeFile(file, String(process.pid));
  return {
    afterCrash: pid !== undefined,
    release: async () => {
      await rm(file, { force: true });
      release();
    },
  };
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
  return isLocked(lockFile(dir)) ? (JSON.parse(text) as LocalAddresses) : undefined;
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

function lockFile(dir: string): string {
  return join(dir, 'lock');
}
