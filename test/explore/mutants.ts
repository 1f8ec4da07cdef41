import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { story } from './explore.ts';
import { mutated, type Sources } from './mutation.ts';
import { onThreads, Searcher } from './pool.ts';
import type { Progress } from './progress-line.ts';
import type { Scenario } from './scenario.ts';
import type { Violation } from './search/search.ts';

/**
 * A search stops after this many states, because a mutant can make it endless. The mutants in mutants/ are found with
 * fewer states.
 */
const LIMIT = 3_000_000;

export interface Mutant {
  name: string;
  /** Description of the change: the lines before the diff, without the line `Found: …`. */
  about: string;
  /** From a line such as `Found: I3 in lost-head`; undefined if there is none. The scenario is searched first. */
  expected: { invariant: string; scenario: string } | undefined;
  sources: Sources;
}

export interface Verdict {
  mutant: Mutant;
  /** The scenario that found the mutant; absent if none did. */
  scenario?: string;
  violation?: Violation;
}

export function mutantsIn(folder: URL): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.diff'));
  return names.sort().map((name) => fileURLToPath(new URL(name, folder)));
}

/** @throws Error if a file cannot be read, is no diff, or its diff does not apply */
export function loadMutants(files: readonly string[]): Promise<Mutant[]> {
  return Promise.all(files.map(loadMutant));
}

async function loadMutant(file: string): Promise<Mutant> {
  try {
    const patch = await readFile(file, 'utf8');
    const header = patch.split(/^(?:---|diff|Index:) /m)[0]!;
    const [line = '', invariant, scenario] = /^Found: (I\d+) in (\S+)$/m.exec(header) ?? [];
    return {
      name: basename(file, '.diff'),
      about: header.replace(line, '').trim().replaceAll('\n', ' '),
      expected: invariant && scenario ? { invariant, scenario } : undefined,
      sources: mutated(patch),
    };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Searches each mutant until it violates an invariant or no scenario is left: first in the expected scenario, then in
 * the others from the smallest to the largest.
 */
export function mutate(
  mutants: readonly Mutant[],
  scenarios: readonly Scenario[],
  threads: number,
  progress: Progress,
): Promise<Verdict[]> {
  let done = 0;
  return onThreads(mutants, threads, async (mutant): Promise<Verdict> => {
    const searcher = new Searcher(mutant.sources);
    try {
      const isExpected = ({ name }: Scenario) => name === mutant.expected?.scenario;
      const ordered = scenarios.toReversed().sort((a, b) => Number(isExpected(b)) - Number(isExpected(a)));
      for (const { name } of ordered) {
        progress(`${done} of ${mutants.length} mutants; ${mutant.name} in ${name} …`);
        const { result } = await searcher.search({ name, limit: LIMIT }, () => {});
        if (result.violation) return { mutant, scenario: name, violation: result.violation };
      }
      return { mutant };
    } finally {
      done++;
      await searcher.end();
    }
  });
}

export function mutatedJson(verdicts: readonly Verdict[]) {
  return {
    killed: verdicts.filter(({ violation }) => violation).length,
    of: verdicts.length,
    mutants: verdicts.map(({ mutant, scenario, violation }) => ({
      name: mutant.name,
      about: mutant.about,
      ...(mutant.expected && { expected: mutant.expected }),
      ...(violation ? { invariant: violation.invariant, scenario, steps: violation.story.length } : {}),
    })),
  };
}

export function mutationReport(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ mutant, scenario, violation }) =>
    violation
      ? `✔ ${mutant.name.padEnd(30)} ${violation.invariant.padEnd(4)} in ${scenario}, after ${violation.story.length} steps`
      : `✖ ${mutant.name.padEnd(30)} not found: no scenario violates an invariant`,
  );
  const single = verdicts.length === 1 && verdicts[0]!.violation ? [story(verdicts[0]!.violation)] : [];
  const killed = verdicts.filter(({ violation }) => violation).length;
  return [...lines, ...single, `${killed} of ${verdicts.length} mutants found`].join('\n');
}
