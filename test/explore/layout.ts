import { actors, type Scenario } from './scenario.ts';

/**
 * A state is an array. The constants from `DB` to `HEADS` are positions in it, and their comments say what the state
 * holds there. At `DB`, it holds the number of the database's version (`Database` in database.ts).
 */
export const DB = 0;
/** Records that the stream still has to deliver, for the first time or again: one bit each. */
export const WAITING = 1;
/** Records that a fan-out has served: one bit each. */
export const SERVED = 2;
/** How often each happening may still occur, packed into one number (`budgetOf` in scenario.ts). */
export const BUDGET = 3;
/** 0 while faults may happen; then the number of steps that moves/calm.ts has taken. */
export const CALM = 4;
/**
 * In a scenario in which a head may be lost: 1 plus the number of heads that were created. The name of a new epoch
 * contains this number, so that each new head gets another epoch. In other scenarios always 1.
 */
export const HEADS = 5;
const FIRST = 6;

/**
 * Positions of a state's other parts. The comment of a position says what the state holds at it. A process is stored as
 * the id of its node (search/process.ts), or 0 if it does not run.
 */
export interface Layout {
  width: number;
  fanOuts: readonly number[];
  writers: readonly WriterPlaces[];
  readers: readonly ReaderPlaces[];
}

export interface WriterPlaces {
  name: string;
  outbox: number;
  /** Invocations for the writer's commands: two, because a retry may run in parallel with a slow attempt. */
  invocations: readonly [number, number];
}

export interface ReaderPlaces {
  name: string;
  number: number;
  replica: number;
  /** The frames on their way to the reader, as an id for `mail` in world.ts. */
  frames: number;
  /** The invocation that answers the reader's HTTP request. */
  page: number;
  /** The invocation that answers the reader's ping. */
  ping: number;
  /** The reader's connection: 0 if offline, n if the nth is open, -n if the nth is being opened. */
  link: number;
  /** How many connections the reader has had. */
  links: number;
}

export function layoutOf({ fanOuts, writers, readers }: Scenario): Layout {
  let next = FIRST;
  return {
    fanOuts: Array.from({ length: fanOuts }, () => next++),
    writers: writers.map(({ actor }, index) => ({
      name: `${actors[actor].name}${index > 0 && writers[0]!.actor === actor ? `'s other tab` : ''}`,
      outbox: next++,
      invocations: [next++, next++],
    })),
    readers: readers.map((_, index) => ({
      name: `Reader ${index + 1}`,
      number: index + 1,
      replica: next++,
      frames: next++,
      page: next++,
      ping: next++,
      link: next++,
      links: next++,
    })),
    width: next,
  };
}
