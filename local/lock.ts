import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Maximum wait for the lock, ms. `isLocked` in another process holds the lock for a moment, while it checks. */
const PATIENCE_MS = 500;
/** SQLITE_BUSY (https://www.sqlite.org/rescode.html) */
const BUSY = 5;

/**
 * Takes a lock that the operating system releases when the holding process ends, however it ends. A process id in a
 * file is not enough: the file outlives `kill -9`, and a process that has ended but was not reaped still answers to its
 * id. Node has no API for such locks. SQLite takes them on an empty file, with fcntl on Linux and macOS, and with
 * LockFileEx on Windows.
 *
 * @returns a function that releases the lock; undefined if another process holds it
 */
export async function takeLock(file: string): Promise<(() => void) | undefined> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const release = hold(file, 'BEGIN EXCLUSIVE');
    if (release || performance.now() > deadline) return release;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  // Takes a shared lock, so that any number of processes may check at once.
  const release = hold(file, 'BEGIN; SELECT name FROM sqlite_schema');
  release?.();
  return release === undefined;
}

function hold(file: string, statements: string): (() => void) | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec(statements);
    return () => database.close();
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    return undefined;
  }
}
