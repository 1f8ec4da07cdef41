import type { Contenders } from './contender.ts';

/**
 * Runs and measures the rounds of one contender. It has a process of its own, so that its CPU time includes neither the
 * stand-in for `@connections` (sink.ts) nor the garbage collection of another contender.
 */
const [file, name] = process.argv.slice(2) as [string, string];
const { contenders } = (await import(file)) as { contenders: Contenders };
const run = await contenders[name]!();

process.on('message', async (round) => {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  try {
    const facts = await run(round);
    const wallMs = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    process.send!({ cpuMs: (user + system) / 1_000, wallMs, facts });
  } catch (error) {
    process.send!({ error: String((error as Error).stack) });
  }
});
process.on('disconnect', () => process.exit());
process.send!('ready');
