import { expect, test } from 'vitest';
import { violationsOf } from './checker.ts';
import { faults } from './inject/index.ts';
import { randomFrom } from './random.ts';
import { explain, strikes } from './report.ts';
import { simulate } from './simulation.ts';

const SEED = 20261123;
/** A selection of faults. `npm run faults` runs all faults, and each for longer. */
const NAMES = [
  'fan-out-dies-after-transaction',
  'batches-concurrently',
  'records-reordered',
  'posts-failing',
  'posts-lost',
  'storage-answers-lost',
  'poison-record',
  'lines-cut',
  'head-lost',
  'events-deleted',
];

/** Time after which the test counts as hanging. The test takes a minute or two, and longer on a busy machine. */
const HANGING_MS = 600_000;

test('nothing is lost, doubled, reordered or hidden while things go wrong', { timeout: HANGING_MS }, async ({
  onTestFailed,
}) => {
  const rounds: string[] = [];
  onTestFailed(() => console.error(rounds.join('\n')));
  const outcome = await simulate({
    random: randomFrom(SEED),
    population: { writers: 3, moderators: 1, readers: 16, recorders: 3 },
    faults: faults.filter(({ name }) => NAMES.includes(name)),
    faultMs: { min: 1_500, max: 3_000 },
    ms: 0,
    progress: (line) => rounds.push(line),
  });
  expect(violationsOf(outcome.report), explain(`npm run faults -- --seed ${SEED}`, outcome)).toEqual([]);
  for (const { checked } of Object.values(outcome.report)) expect(checked).toBeGreaterThan(0);
  for (const [fault, count] of Object.entries(strikes(outcome.windows))) expect([fault, count]).not.toEqual([fault, 0]);
});
