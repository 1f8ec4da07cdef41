import type { Random } from './random.ts';
import type { World } from './world.ts';

/** A kind of failure. */
export interface Fault<W = World> {
  name: string;
  /** The fault's number in the list of docs/guarantees.md. */
  number: number;
  /** Set if the fault runs alone: it measures something, or other faults would make its effect ambiguous. */
  alone?: true;
  /**
   * Causes the failure for about `ms`, or for as long as this fault needs, and then ends it.
   * @returns how often the fault struck
   */
  inject(world: W, ms: number): Promise<number>;
}

/** The time during which a fault was active, for the report of a violation. */
export interface Window {
  fault: string;
  from: number;
  to: number;
  strikes: number;
}

/** Removes the next faults from the deck: one that runs alone, or one to three that may run together. */
export function deal<W>(deck: Fault<W>[], random: Random): Fault<W>[] {
  const count = 1 + random.int(3);
  const single = deck[0]!.alone ? 1 : deck.findIndex(({ alone }) => alone);
  return deck.splice(0, single === -1 ? count : Math.min(count, single));
}
