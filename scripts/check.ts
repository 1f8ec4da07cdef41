import { fail, readArguments } from './arguments.ts';
import { type Check, type Outcome, runChecks } from './run-checks.ts';

/** The checks of `npm run check`, which runs no tests. `npm run check -- types size` runs only `types` and `size`. */
const CHECKS: readonly Check[] = [
  { name: 'types', command: 'tsc', args: [] },
  { name: 'style', command: 'biome', args: ['check', '.'] },
  { name: 'generated', command: 'node', args: ['schemas/generate.ts', '--check'] },
  { name: 'api-tables', command: 'node', args: ['web/bundle/api-tables.ts', '--check'] },
  { name: 'size', command: 'npm', args: ['run', '-s', 'size'] },
  {
    name: 'imports',
    command: 'depcruise',
    args: ['src', 'web', 'local', '--config', '.dependency-cruiser.cjs'],
  },
  { name: 'aws', command: 'node', args: ['deploy/check.ts'] },
];

const { positionals } = readArguments({ allowPositionals: true }, 'Usage: npm run check -- [CHECK …]');
const names = CHECKS.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) fail(`There is no check ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
const chosen = CHECKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

showRunning(chosen.map(({ name }) => name));
const outcomes = await runChecks(chosen, {
  onEnd: (outcome, running) => {
    clearLine();
    console.log(summary(outcome));
    if (running.length > 0) showRunning(running);
  },
});
const failed = outcomes.filter(({ ok }) => !ok);
for (const { name, output } of failed) console.error(`\n── ${name} ──\n${output.trimEnd()}`);
if (failed.length > 0) {
  console.error(`\n${failed.length} of ${outcomes.length} failed: ${failed.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}

function summary({ name, ok, seconds }: Outcome): string {
  return `${ok ? '✔' : '✖'} ${name.padEnd(12)}${seconds.toFixed(1).padStart(5)} s`;
}

/** Prints which checks run: on a terminal in one line that is overwritten, in a log only once, at the beginning. */
function showRunning(running: readonly string[]): void {
  const line = `running: ${running.join(', ')} …`;
  if (process.stdout.isTTY) process.stdout.write(line);
  else if (running.length === chosen.length) console.log(line);
}

function clearLine(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[2K');
}
