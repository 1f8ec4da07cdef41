import { expect, test } from 'vitest';
import { loadMutants, mutantsIn } from './mutants.ts';
import { scenarios } from './scenarios.ts';

const files = mutantsIn(new URL('mutants/', import.meta.url));

test('there are at least fifteen mutants', () => expect(files.length).toBeGreaterThanOrEqual(15));

test.each(files)('%s applies, and says what is wrong and what finds it', async (file) => {
  const [mutant] = await loadMutants([file]);
  expect(mutant!.about).toMatch(/^[A-Z].*\.$/);
  expect(Object.keys(mutant!.sources)).not.toEqual([]);
  expect(scenarios.map(({ name }) => name)).toContain(mutant!.expected?.scenario);
  expect(mutant!.expected?.invariant).toMatch(/^I\d+$/);
});
