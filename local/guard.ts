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

async function end(pid: number): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  let signal: NodeJS.Signals | 0 = 'SIGTERM';
  // Not our child, so no event tells of its end: signal 0 asks whether it is there (kill(2)).
  while (send(pid, signal)) {
    signal = Date.now() > deadline ? 'SIGKILL' : 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
