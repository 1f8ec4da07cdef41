import { readFileSync } from 'node:fs';

/**
 * Ends the processes of a stack that ended without stopping them (kill -9, a crash), which the closed IPC channel
 * shows. Usage: fork this file, then send the ids of the processes in the order in which to end them.
 */
const guarded: number[] = [];
const GRACE_MS = 5_000;

process.on('message', (pid: number) => guarded.push(pid));
process.on('disconnect', async () => {
  for (const pid of guarded) await end(pid);
  process.exit();
});
// Only the stack decides when to stop; this process ignores a Ctrl-C in the terminal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

/** Ends a process, and waits for its end by polling: it is not our child, so there is no event. */
async function end(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  if (await hasEnded(pid)) return;
  signal(pid, 'SIGKILL');
  await hasEnded(pid);
}

/** @returns false if it still runs after the grace period */
async function hasEnded(pid: number): Promise<boolean> {
  const deadline = Date.now() + GRACE_MS;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** A process that has ended but was not reaped (a zombie) still answers to kill(2). On Linux /proc tells it apart. */
function isRunning(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    // proc(5): the state follows the name, which is in parentheses and may contain any character.
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
