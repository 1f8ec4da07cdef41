import { type Report, violationsOf } from './checker.ts';
import type { Outcome } from './simulation.ts';
import type { Invariant } from './verdict.ts';

const PROMISES: Record<Invariant, string> = {
  I1: 'an acked message is in the log exactly once',
  I2: 'one clientMessageId, one event, one number',
  I3: 'numbers are dense and unique',
  I4: 'every client applies 1..N in order',
  I5: 'all agree what a number is, or that it is gone',
  I6: 'what was refused never appears',
  I7: 'no silent hole',
  I8: 'everyone converges',
  I9: 'a delivery ends before its invocation',
  I10: 'every message is reached by paging',
  I11: 'nobody sees what a banned person said',
};
/** At most this many violations of each invariant are printed. */
const EXPLAINED = 20;

export function summary(seed: number, { report, windows, history, slowestMs }: Outcome): string {
  const invariants = Object.entries(report).map(
    ([name, { checked, violations }]) =>
      `${name} ${PROMISES[name as keyof Report]}: ${checked} checked, ${violations.length} violated`,
  );
  const faults = Object.entries(strikes(windows)).map(([name, count]) => `${name} ×${count}`);
  const reloads = history.readers.flatMap(({ steps }) => steps).filter(({ kind }) => kind === 'reload');
  return [
    `seed ${seed}; faults: ${faults.join(', ')}`,
    `slowest convergence ${slowestMs} ms, ${reloads.length} explicit reloads`,
    ...invariants,
    `violations: ${violationsOf(report).length}`,
  ].join('\n');
}

export function toJson(seed: number, { report, windows }: Outcome) {
  const invariants = Object.fromEntries(
    Object.entries(report).map(([name, { checked, violations }]) => [name, { checked, violations: violations.length }]),
  );
  return { seed, faults: strikes(windows), invariants, violations: violationsOf(report).length };
}

/**
 * Explains violations: who saw what, which faults were active at that time or up to a second before, what the last
 * faults of the run were, and how to repeat the run.
 * @param command the command that repeats the run
 */
export function explain(command: string, { report, windows }: Pick<Outcome, 'report' | 'windows'>): string {
  const lines = Object.entries(report).flatMap(([invariant, { violations }]) =>
    violations.slice(0, EXPLAINED).map(({ anomaly, detail, at }) => {
      const during = at === undefined ? [] : windows.filter(({ from, to }) => from <= at && at <= to + 1_000);
      const faults = during.map(({ fault }) => fault).join(', ');
      const when = at === undefined ? '' : ` (${new Date(at).toISOString()}${faults && `, during ${faults}`})`;
      return `${invariant} ${anomaly}: ${detail}${when}`;
    }),
  );
  const last = windows.slice(-4).map(({ fault, from, to, strikes }) => {
    return `${fault} ×${strikes}, ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
  });
  return [...lines, 'The last faults were', ...last, `Run it again: ${command}`].join('\n');
}

export function strikes(windows: Outcome['windows']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fault, strikes } of windows) counts[fault] = (counts[fault] ?? 0) + strikes;
  return counts;
}
