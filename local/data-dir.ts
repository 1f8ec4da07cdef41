import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLocked, takeLock } from './lock.ts';
import { replacedFile } from './replaced-file.ts';
import type { LocalSettings } from './settings.ts';

/** The addresses of a running stack. Scripts and tests read them from `<data dir>/local.json`. */
export interface LocalAddresses {
  http: string;
  ws: string;
  issuer: string;
  web: string;
  dynamodb: string;
  /** Address of a page on another origin that embeds the built widget. */
  embed: string;
  audience: string;
  clientId: string;
  pid: number;
  /** Process ids of the DynamoDB engine and the back end, by name. */
  children: Record<string, number>;
}

export interface Claim {
  /** `true` if the previous stack ended without releasing the directory. Its processes may then still be running. */
  afterCrash: boolean;
  release(): Promise<void>;
}

/**
 * Claims the data directory, so that two stacks never write to the same database. The claim ends with this process,
 * however the process ends.
 *
 * @throws Error with a message of one sentence if another stack runs on the directory
 */
export async function claimDataDir(dir: string): Promise<Claim> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'pid');
  const release = await takeLock(lockFile(dir));
  // The process id is used for the error message and for `afterCrash`. Only the lock tells whether another stack runs.
  const pid = await readFile(file, 'utf8').catch(() => undefined);
  if (!release) {
    throw new Error(
      `A stack is running on ${dir} already (process ${pid}): stop it, or set SHOUT_DATA_DIR to another directory.`,
    );
  }
  // Removes the addresses that a killed stack has left.
  await rm(addressFile(dir), { force: true });
  await writeFile(file, String(process.pid));
  return {
    afterCrash: pid !== undefined,
    release: async () => {
      await rm(file, { force: true });
      release();
    },
  };
}

/**
 * Writes the addresses to their file. The write is atomic, so that a process that waits for the file never reads half
 * of it.
 *
 * @returns a function that removes the file
 */
export async function writeAddresses(dir: string, addresses: LocalAddresses): Promise<() => Promise<void>> {
  const file = addressFile(dir);
  await replacedFile(file)(`${JSON.stringify(addresses, undefined, 2)}\n`);
  return () => rm(file, { force: true });
}

/** Reads the addresses that a stack has written. @returns undefined if no stack runs on the directory */
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
