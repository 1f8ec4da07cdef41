import type { Random } from './random.ts';
import type { World } from './world.ts';

/** One way in which things go wrong. */
export interface Fault<W = World> {
  name: string;
  /** Of the list in docs/guarantees.md. */
  number: number;
  /** Never together with others: it measures, or others would make what it does to the data ambiguous. */
  alone?: true;
  /**
   * Makes it happen for about `ms`, then leaves everything as it was.
   * @returns how often it struck
   */
  inject(world: W, ms: number): Promise<number>;
}

/** A fault while it was on, for whoever reads a violation. */
export interface Window {
  fault: string;
  from: number;
  to: number;
  strikes: number;
}

/** Takes faults from the deck that go together. */
export function deal<W>(deck: Fault<W>[], random: Random): Fault<W>[] {
  const count = 1 + random.int(3);
  const single = deck[0]!.alone ? 1 : deck.findIndex(({ alone }) => alone);
  return deck.splice(0, single === -1 ? count : Math.min(count, single));
}
