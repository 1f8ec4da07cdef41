import { States } from './states.ts';

/** A search space: a start, and the next states of each state. */
export interface World {
  readonly width: number;
  start(): Promise<Int32Array>;
  /**
   * Emits every state that may come next.
   * @returns false if the result of a step is not known yet. The caller then awaits `learn`, and calls `expand` again.
   * @throws Broken if an invariant does not hold
   */
  expand(state: Int32Array, next: (state: Int32Array) => void): boolean;
  /** Runs the steps of the real code whose results the last `expand` did not know. */
  learn(): Promise<void>;
  /** Whether `expand` sets `sentence` for each step. */
  telling: boolean;
  /** Describes the latest step. */
  readonly sentence: string;
}

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I10' | 'I11';

/** A violated invariant of docs/guarantees.md. */
export class Broken extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(message);
    this.invariant = invariant;
  }
}

export interface Violation {
  invariant: Invariant;
  detail: string;
  /** A shortest series of steps from the start to the violation, one sentence per step. */
  story: string[];
}

export interface Result {
  states: number;
  /** Whether the search stopped at its limit. */
  unfinished?: boolean;
  violation?: Violation;
}

export interface Options {
  /** Number of states after which the search stops. */
  limit?: number;
  progress?: (states: number) => void;
}

/** Visits every state that can be reached from the start, breadth first. Stops at a violation and at the limit. */
export async function search(
  world: World,
  { limit = Number.POSITIVE_INFINITY, progress = () => {} }: Options = {},
): Promise<Result> {
  const states = new States(world.width);
  const state = new Int32Array(world.width);
  try {
    states.add(await world.start(), -1);
  } catch (error) {
    if (error instanceof Broken) return { states: 0, violation: violationOf(error, []) };
    throw error;
  }
  for (let index = 0; index < states.size; index++) {
    states.read(index, state);
    try {
      while (!world.expand(state, (next) => states.add(next, index))) await world.learn();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return { states: states.size, violation: violationOf(error, await storyOf(world, states, index)) };
    }
    if (states.size > limit) return { states: states.size, unfinished: true };
    if (index % 8192 === 8191) progress(states.size);
  }
  return { states: states.size };
}

function violationOf({ invariant, message }: Broken, story: string[]): Violation {
  return { invariant, detail: message, story };
}

/**
 * Repeats a shortest series of steps to the state `last`, and then the step that violates an invariant.
 * @returns a sentence for each step
 */
async function storyOf(world: World, states: States, last: number): Promise<string[]> {
  const story: string[] = [];
  const path = states.path(last);
  const [from, to] = [new Int32Array(world.width), new Int32Array(world.width)];
  world.telling = true;
  for (let i = 0; i < path.length; i++) {
    states.read(path[i]!, from);
    const goal = path[i + 1];
    if (goal !== undefined) states.read(goal, to);
    let step = '';
    const next = (state: Int32Array) => {
      const found = step === '' && goal !== undefined && state.every((value, place) => value === to[place]);
      if (found) step = world.sentence;
    };
    try {
      while (!world.expand(from, next)) await world.learn();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      // The violating step has thrown after it set `sentence`, so `sentence` describes it.
      if (goal === undefined) step = world.sentence;
    }
    if (step !== '') story.push(step);
  }
  world.telling = false;
  return story;
}
