import { fail, readArguments } from '../../scripts/arguments.ts';
import { violationsOf } from '../faults/checker.ts';
import { explain } from '../faults/report.ts';
import { broken } from './broken.ts';
import { faults } from './faults/index.ts';
import { VirtualTime } from './time.ts';

const USAGE =
  'Usage: npm run simulate -- [--seed N] [--hours H] [--until SECONDS] [--trace [--from SECONDS]] [--only NAME] [--broken NAME] [--json]';

/** `npm run simulate`: exits with 0 if every guarantee held, 1 if not, 2 for wrong arguments. */
const { values } = readArguments(
  {
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      hours: { type: 'string', default: '1' },
      until: { type: 'string' },
      trace: { type: 'boolean', default: false },
      from: { type: 'string', default: '0' },
      only: { type: 'string' },
      broken: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  },
  USAGE,
);
const seed = Number(values.seed);
const hours = Number(values.hours);
const until = values.until === undefined ? undefined : Number(values.until);
const from = Number(values.from);
const chosen = values.only === undefined ? faults : faults.filter(({ name }) => name === values.only);
if (chosen.length === 0)
  fail(`There is no fault ${values.only}. There are: ${faults.map(({ name }) => name).join(', ')}.`);
if (values.broken !== undefined && !broken[values.broken])
  fail(`There is no broken variant ${values.broken}. There are: ${Object.keys(broken).join(', ')}.`);
if (!Number.isInteger(seed) || !(hours > 0) || (until !== undefined && !(until > 0)) || !(from >= 0)) fail(USAGE);

// Loaded only now, so that wrong arguments are reported without loading the handlers.
const { handlers } = await import('./handlers.ts');
const { hoursOf, simulate } = await import('./simulation.ts');
// Exits when the reader of the output, such as `head`, has ended.
process.stdout.on('error', () => process.exit());
const began = performance.now();
let toldAt = began;
const outcome = await simulate({
  seed,
  hours,
  faults: chosen,
  handlers,
  untilMs: until === undefined ? undefined : until * 1_000,
  show: values.trace ? show : undefined,
  progress: (line) => {
    if (performance.now() - toldAt < 2_000) return;
    toldAt = performance.now();
    console.error(line);
  },
});
const { hash, report, windows, simulatedMs, slowestMs, events, checked } = outcome;
const violations = violationsOf(report);
const seconds = (performance.now() - began) / 1_000;
const strikes = Object.fromEntries(chosen.map(({ name }) => [name, 0]));
for (const { fault, strikes: count } of windows) strikes[fault]! += count;
if (values.json) {
  console.log(
    JSON.stringify({
      seed,
      hours: simulatedMs / 3_600_000,
      hash,
      violations: violations.length,
      events,
      checked,
      faults: strikes,
      slowestMs,
      seconds,
    }),
  );
} else {
  console.log(`seed ${seed}: ${hoursOf(simulatedMs)} simulated hours in ${seconds.toFixed(1)} s; hash ${hash}`);
  console.log(
    `faults: ${Object.entries(strikes)
      .map(([name, count]) => `${name} ×${count}`)
      .join(', ')}`,
  );
  console.log(`${events} events, ${checked} checks, slowest convergence ${slowestMs.toFixed(0)} ms`);
  console.log(`violations: ${violations.length}`);
}
if (violations.length > 0) {
  const at = violations.find((violation) => violation.at !== undefined)?.at;
  const end = Math.ceil((at === undefined ? simulatedMs : at - VirtualTime.START) / 1_000) + 1;
  const only = (['only', 'broken'] as const).map((name) => (values[name] ? ` --${name} ${values[name]}` : '')).join('');
  const command = `npm run simulate -- --seed ${seed} --hours ${hours}${only}`;
  console.error(explain(command, outcome));
  console.error(`Walk up to it: ${command} --until ${end} --trace --from ${Math.max(0, end - 60)}`);
}
process.exitCode = violations.length === 0 ? 0 : 1;

function show(line: string): void {
  if (Number.parseFloat(line) >= from * 1_000) console.log(line);
}
