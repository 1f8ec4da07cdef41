import { onThreads, Searcher } from './pool.ts';
import type { Progress } from './progress-line.ts';
import type { Scenario } from './scenario.ts';
import type { Result, Violation } from './search/search.ts';

/** A search stops after this many states, in case it is endless. */
const LIMIT = 20_000_000;

export interface Found extends Result {
  scenario: Scenario;
  seconds: number;
}

export interface Exploration {
  found: readonly Found[];
  /** Duration of the whole exploration. */
  seconds: number;
}

/** Searches each scenario until every state is visited, an invariant is violated, or `LIMIT` states are found. */
export async function explore(
  scenarios: readonly Scenario[],
  threads: number,
  progress: Progress,
): Promise<Exploration> {
  const began = performance.now();
  const states = new Map<string, number>();
  const searchers = Array.from({ length: Math.min(threads, scenarios.length) }, () => new Searcher());
  const idle = [...searchers];
  const found = await onThreads(scenarios, threads, async (scenario): Promise<Found> => {
    const searcher = idle.pop()!;
    const told = (count: number) => {
      states.set(scenario.name, count);
      progress(`${thousands(sum(states.values()))} states in ${states.size} of ${scenarios.length} scenarios …`);
    };
    const { result, seconds } = await searcher.search({ name: scenario.name, limit: LIMIT }, told);
    told(result.states);
    idle.push(searcher);
    return { scenario, seconds, ...result };
  });
  await Promise.all(searchers.map((searcher) => searcher.end()));
  return { found, seconds: (performance.now() - began) / 1_000 };
}

export function exploreJson({ found, seconds }: Exploration) {
  return {
    states: sum(found.map(({ states }) => states)),
    seconds: Number(seconds.toFixed(1)),
    violations: found.filter(({ violation }) => violation).length,
    scenarios: found.map(({ scenario, states, seconds, unfinished, violation }) => ({
      name: scenario.name,
      about: scenario.about,
      states,
      seconds: Number(seconds.toFixed(1)),
      finished: !unfinished && !violation,
      bounds: boundsOf(scenario),
      ...(violation ? { violation } : {}),
    })),
  };
}

export function explored(exploration: Exploration): string {
  const { states, violations } = exploreJson(exploration);
  const scenarios = exploration.found.flatMap(({ scenario, states, seconds, unfinished, violation }) => [
    `${violation ? '✖' : unfinished ? '…' : '✔'} ${scenario.name.padEnd(15)}${thousands(states).padStart(10)} states ${seconds.toFixed(1).padStart(5)} s  ${scenario.about}`,
    `    within ${boundsWords(scenario)}`,
    ...(unfinished ? ['    stopped before its end'] : []),
    ...(violation ? [story(violation)] : []),
  ]);
  return [
    ...scenarios,
    `${thousands(states)} states in ${exploration.seconds.toFixed(1)} s; violations: ${violations}`,
    'Every order of calls, answers and happenings within these bounds was tried; nothing is said about what is beyond them.',
  ].join('\n');
}

/** Describes a violation and the shortest trace to it, for people. */
export function story({ invariant, detail, story }: Violation): string {
  const steps = story.map((step, index) => `${String(index + 1).padStart(4)}. ${step}`);
  return [`  ${invariant} is violated: ${detail}`, '  The shortest trace:', ...steps].join('\n');
}

/** Returns the bounds of a scenario. A search that finishes has tried everything within them. */
function boundsOf({ writers, readers, fanOuts, anyOrder = false, pageSize = 10, given = 0, atMost }: Scenario) {
  const commands = writers.map(({ says }) => says.length);
  return { commands, readers: readers.length, fanOuts, anyOrder, pageSize, given, atMost };
}

function boundsWords(scenario: Scenario): string {
  const { commands, readers, fanOuts, anyOrder, pageSize, given, atMost } = boundsOf(scenario);
  return [
    `${commands.join(' + ')} commands`,
    `${readers} readers`,
    `${fanOuts} fan-outs at once`,
    anyOrder ? 'records in stream order, reversed or one by one' : 'records in stream order',
    ...(given > 0 ? [`${given} messages from before, pages of ${pageSize}`] : []),
    ...Object.entries(atMost).map(([name, times]) => `${times} × ${name}`),
  ].join(', ');
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((a, b) => a + b, 0);
}

function thousands(count: number): string {
  return count.toLocaleString('en');
}
