import type { Random } from './random.ts';
import type { World } from './world.ts';

/** A kind of failure. */
export interface Fault<W = World> {
  name: string;
  /** Its number in the list of docs/guarantees.md. */
  number: number;
  /** Whether it runs alone, because it measures something or other faults would make its effect ambiguous. */
  alone?: true;
  /**
   * Makes it happen for about `ms`, then leaves everything as it was.
   * @returns how often it struck
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

/** Draws faults that may run together. */
export function deal<W>(deck: Fault<W>[], random: Random): Fault<W>[] {
  const count = 1 + random.int(3);
  const single = deck[0]!.alone ? 1 : deck.findIndex(({ alone }) => alone);
  return deck.splice(0, single === -1 ? count : Math.min(count, single));
}
