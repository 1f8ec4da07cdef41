import { check, type Report, violationsOf } from './checker.ts';
import { deal, type Fault, type Window } from './fault.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import { type Population, World } from './world.ts';

export interface Options {
  random: Random;
  population: Population;
  faults: readonly Fault[];
  /** How long a fault is active, ms. Some faults ignore this and take the time that they need. */
  faultMs: { min: number; max: number };
  /**
   * Minimum duration of the run, ms. After that, the run goes on until every fault has struck or used up its tries.
   * A round with violations ends the run early.
   */
  ms: number;
  progress: (line: string) => void;
}

export interface Outcome {
  report: Report;
  windows: Window[];
  history: History;
  /** The longest time that `World.converge` took in any round, ms. */
  slowestMs: number;
}

/** Number of tries after which the run stops waiting for a fault to strike. On a busy machine, some faults never do. */
const TRIES = 3;

/** Runs rounds of traffic and faults. At the end of each round the traffic stops, and all clients must converge. */
export async function simulate({ random, population, faults, faultMs, ms, progress }: Options): Promise<Outcome> {
  const world = await World.create(random.fork('world'), population);
  const windows: Window[] = [];
  const deadline = Date.now() + ms;
  let slowestMs = 0;
  try {
    await world.converge();
    for (let round = 1, deck: Fault[] = []; ; round++) {
      if (deck.length === 0) deck = random.shuffle(faults);
      const dealt = deal(deck, random);
      world.startTraffic();
      const fresh = await Promise.all(
        dealt.map((fault) => inject(world, fault, random.between(faultMs.min, faultMs.max))),
      );
      windows.push(...fresh);
      const took = await world.converge();
      slowestMs = Math.max(slowestMs, took);
      const history = await world.history();
      const report = check(history);
      report.I8.violations.push(...world.complaints);
      const struck = fresh.map(({ fault, strikes }) => `${fault} ×${strikes}`).join(', ');
      progress(`round ${round}: ${struck}; ${history.log.length} events, converged in ${took} ms`);
      const covered = faults.every(({ name }) => isCovered(name, windows));
      if (violationsOf(report).length > 0 || (covered && Date.now() > deadline))
        return { report, windows, history, slowestMs };
    }
  } finally {
    await world.destroy();
  }
}

function isCovered(name: string, windows: readonly Window[]): boolean {
  const own = windows.filter(({ fault }) => fault === name);
  return own.length >= TRIES || own.some(({ strikes }) => strikes > 0);
}

async function inject(world: World, fault: Fault, ms: number): Promise<Window> {
  const from = Date.now();
  const strikes = await fault.inject(world, ms);
  return { fault: fault.name, from, to: Date.now(), strikes };
}
