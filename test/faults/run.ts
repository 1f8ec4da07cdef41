import { fail, readArguments } from '../../scripts/arguments.ts';
import { violationsOf } from './checker.ts';
import { faults } from './inject/index.ts';
import { randomFrom } from './random.ts';
import { explain, summary, toJson } from './report.ts';
import { simulate } from './simulation.ts';

const USAGE = `Usage: npm run faults -- [--seed N] [--minutes M] [--only NAME] [--json], where NAME is one of
${faults.map(({ name }) => `  ${name}`).join('\n')}`;

/** `npm run faults`: exits with 0 if every guarantee held, 1 if not, 2 for wrong arguments. */
const { values } = readArguments(
  {
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      minutes: { type: 'string', default: '2' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  },
  USAGE,
);
const seed = Number(values.seed);
const chosen = values.only === undefined ? faults : faults.filter(({ name }) => name === values.only);
if (chosen.length === 0 || !Number.isInteger(seed) || !(Number(values.minutes) >= 0)) fail(USAGE);
// On the event `exit`, engine.ts kills the database. A process that a signal ends emits no `exit`, so both signals call
// `process.exit` here.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const outcome = await simulate({
  random: randomFrom(seed),
  population: { writers: 4, moderators: 1, readers: 15, recorders: 4 },
  faults: chosen,
  faultMs: { min: 4_000, max: 9_000 },
  ms: Number(values.minutes) * 60_000,
  progress: (line) => console.error(line),
});
console.log(values.json ? JSON.stringify(toJson(seed, outcome)) : summary(seed, outcome));
const violations = violationsOf(outcome.report);
const only = values.only === undefined ? '' : ` --only ${values.only}`;
if (violations.length > 0)
  console.error(explain(`npm run faults -- --seed ${seed} --minutes ${values.minutes}${only}`, outcome));
process.exit(violations.length === 0 ? 0 : 1);
