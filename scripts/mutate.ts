import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { fail, readArguments } from './arguments.ts';

const USAGE =
  'Usage: npm run mutate -- [domain | client] [--only "src/domain/commands/**"] [--tests GLOB] [--concurrency N] [--report FILE.html]';

/** The files to mutate in each part, and how many per cent of their mutants the unit tests must notice. */
const PARTS = {
  domain: { mutate: ['src/domain/**/*.ts'], atLeast: 95 },
  client: { mutate: ['web/client/**/*.ts', '!web/client/testing/**'], atLeast: 90 },
};

/**
 * `npm run mutate`: exits with 0 if the unit tests notice enough of the mutants, with 1 if they do not or if Stryker
 * fails, with 2 for wrong arguments.
 */
const { values, positionals } = readArguments(
  {
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      tests: { type: 'string' },
      concurrency: { type: 'string' },
      report: { type: 'string' },
    },
  },
  USAGE,
);
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) fail(`There is no part ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`);

const chosen = Object.entries(PARTS).filter(([name, { mutate }]) => {
  const [directory] = mutate as [string];
  const isNamed = positionals.length === 0 || positionals.includes(name);
  return isNamed && (!values.only || values.only.startsWith(directory.slice(0, directory.indexOf('*'))));
});
if (chosen.length === 0) fail(`No part has files that match ${values.only}.\n${USAGE}`);

// Passes the option to vitest.mutation.config.ts, which another process reads.
if (values.tests) process.env.MUTATION_TESTS = values.tests;

for (const [name, { mutate, atLeast }] of chosen) {
  console.log(`${name}: at least ${atLeast} % of the mutants must be noticed`);
  await runMutants(values.only ? [values.only, ...mutate.slice(1)] : mutate, atLeast);
}

/** Runs Stryker. It sets the exit code to 1 if the share of noticed mutants is below `break`. */
async function runMutants(mutate: readonly string[], atLeast: number): Promise<void> {
  const stryker = new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'vitest.mutation.config.ts' },
    mutate: [...mutate, '!**/*.test.ts', '!**/*.generated.ts'],
    // Names a file that does not exist, so that Stryker does not rewrite the paths in tsconfig.json. Stryker rewrites
    // them with functions that TypeScript 7 no longer has. The tests do not need the rewritten paths, because Vitest
    // does not check types.
    tsconfigFile: 'none.json',
    tempDirName: join(tmpdir(), 'shout-box-mutants'),
    cleanTempDir: 'always',
    ignorePatterns: ['/bench', '/build', '/docs', '/web/dist', '/web/shots', '/test/explore/mutants', '.shout-box'],
    reporters: [
      process.stdout.isTTY ? 'progress' : 'progress-append-only',
      'clear-text',
      ...(values.report ? ['html'] : []),
    ],
    ...(values.report ? { htmlReporter: { fileName: values.report } } : {}),
    clearTextReporter: { allowColor: process.stdout.isTTY === true, logTests: false, reportTests: false },
    thresholds: { high: atLeast, low: atLeast, break: atLeast },
    ...(values.concurrency ? { concurrency: Number(values.concurrency) } : {}),
  });
  // Exits without a message, because Stryker has already printed the error.
  await stryker.runMutationTest().catch(() => process.exit(1));
}
