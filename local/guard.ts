import { readFileSync } from 'node:fs';

/**
 * Ends what the stack started when the stack itself is gone without a word (kill -9, a crash): the channel to it closes.
 * Usage: fork it, then send the process ids to guard, in the order they are to be ended.
 */
const guarded: number[] = [];
const GRACE_MS = 5_000;

process.on('message', (pid: number) => guarded.push(pid));
process.on('disconnect', async () => {
  for (const pid of guarded) await end(pid);
  process.exit();
});
// The stack decides when it is over; a Ctrl-C in the terminal is for it alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

/** Not our child, so no event tells of its end. */
async function end(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  if (await hasEnded(pid)) return;
  signal(pid, 'SIGKILL');
  await hasEnded(pid);
}

/** @returns false where it still runs after the grace */
async function hasEnded(pid: number): Promise<boolean> {
  const deadline = Date.now() + GRACE_MS;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** One that has ended and was not reaped still answers to its id (a zombie, kill(2)); Linux says which are. */
function isRunning(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    // proc(5): the state follows the name, which is in parentheses and may hold any character.
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
