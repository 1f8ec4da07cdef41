import { actors, type Scenario } from './scenario.ts';

/** Positions 0 to 5 of a state's row. This one holds the version of the database. */
export const DB = 0;
/** Records that the stream has not delivered yet, as bits. */
export const WAITING = 1;
/** Records that were served once, as bits. */
export const SERVED = 2;
/** Faults that may still happen. */
export const BUDGET = 3;
/** 0 while faults may happen; then the number of steps towards rest. */
export const CALM = 4;
/** Number of heads made so far, counted only if a head may be lost. It gives each new head an epoch of its own. */
export const HEADS = 5;
const FIRST = 6;

/** Positions of a state's other parts. A process is stored as the number of its node, or 0 if it does not run. */
export interface Layout {
  width: number;
  fanOuts: readonly number[];
  writers: readonly WriterPlaces[];
  readers: readonly ReaderPlaces[];
}

export interface WriterPlaces {
  name: string;
  /** The client's outbox. */
  outbox: number;
  /** Invocations for its commands. There are two, because a retry may run in parallel with a slow attempt. */
  invocations: readonly [number, number];
}

export interface ReaderPlaces {
  name: string;
  number: number;
  replica: number;
  /** Frames on their way. */
  frames: number;
  /** The invocation for its HTTP request. */
  page: number;
  /** The invocation for its ping. */
  ping: number;
  /** 0: offline; n: on its nth connection; -n: opening its nth connection. */
  link: number;
  /** How many connections it has had. */
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
