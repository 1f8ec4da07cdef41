import type { World } from './world.ts';

/** One way in which things go wrong. */
export interface Fault {
  name: string;
  /** Of the list in docs/guarantees.md. */
  number: number;
  /** Never together with others: it measures, or others would make what it does to the data ambiguous. */
  alone?: true;
  /**
   * Makes it happen for about `ms`, then leaves everything as it was.
   * @returns how often it struck
   */
  inject(world: World, ms: number): Promise<number>;
}
