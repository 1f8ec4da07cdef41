import { readFileSync } from 'node:fs';

/**
 * Ends the processes that a killed or crashed stack left running. The closed IPC channel tells this process that the
 * stack has ended. Usage: fork this file, then send it the ids of the processes in the order in which to end them.
 */
const guarded: number[] = [];
const GRACE_MS = 5_000;

process.on('message', (pid: number) => guarded.push(pid));
process.on('disconnect', async () => {
  for (const pid of guarded) await end(pid);
  process.exit();
});
// Ignores the signals that stop the stack, such as Ctrl-C in the terminal: this process must end after the stack.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

/** Ends a process, and waits until it has ended. Polls, because Node reports only the end of its own children. */
async function end(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  if (await hasEnded(pid)) return;
  signal(pid, 'SIGKILL');
  await hasEnded(pid);
}

/** Waits until a process has ended. @returns false if it still runs after the grace period */
async function hasEnded(pid: number): Promise<boolean> {
  const deadline = Date.now() + GRACE_MS;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/**
 * Returns whether a process runs. kill(2) also succeeds for a zombie, which has ended but was not reaped; on Linux,
 * /proc tells a zombie from a running process.
 */
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
