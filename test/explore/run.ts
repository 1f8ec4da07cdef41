import { availableParallelism } from 'node:os';
import { fail, readArguments } from '../../scripts/arguments.ts';
import { explore, explored, exploreJson } from './explore.ts';
import { loadMutants, mutantsIn, mutate, mutatedJson, mutationReport } from './mutants.ts';
import { progressLine } from './progress-line.ts';
import { scenarios } from './scenarios.ts';

const USAGE =
  'Usage: npm run explore -- [--only SCENARIO] [--threads N] [--json]\n' +
  '       npm run explore -- --mutants [--threads N] [--json]\n' +
  '       npm run explore -- --mutant FILE.diff [--mutant FILE.diff …] [--only SCENARIO] [--json]';

/**
 * `npm run explore`: exits with 0 if every search ends and finds no violation. With `--mutants` or `--mutant`, exits
 * with 0 if a violation is found in every mutant. Exits with 1 otherwise, and with 2 for wrong arguments.
 */
const { values } = readArguments(
  {
    options: {
      only: { type: 'string' },
      threads: { type: 'string', default: String(availableParallelism()) },
      mutants: { type: 'boolean', default: false },
      mutant: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  },
  USAGE,
);
const threads = Number(values.threads);
const chosen = scenarios.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0)
  fail(`There is no scenario ${values.only}. There are: ${scenarios.map(({ name }) => name).join(', ')}.`);
if (!(Number.isInteger(threads) && threads > 0)) fail(USAGE);

const progress = progressLine(process.stderr);
if (values.mutants || values.mutant) {
  const files = values.mutant ?? mutantsIn(new URL('mutants/', import.meta.url));
  const mutants = await loadMutants(files).catch((error: Error) => fail(error.message));
  const verdicts = await mutate(mutants, chosen, threads, progress);
  progress.end();
  console.log(values.json ? JSON.stringify(mutatedJson(verdicts)) : mutationReport(verdicts));
  process.exitCode = verdicts.every(({ violation }) => violation) ? 0 : 1;
} else {
  const exploration = await explore(chosen, threads, progress);
  progress.end();
  console.log(values.json ? JSON.stringify(exploreJson(exploration)) : explored(exploration));
  process.exitCode = exploration.found.every(({ violation, unfinished }) => !violation && !unfinished) ? 0 : 1;
}
