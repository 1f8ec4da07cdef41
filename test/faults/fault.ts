import type { World } from './world.ts';

/** One way in which things go wrong. */
export interface Fault {
  name: string;
  /** Of the list in docs/guarantees.md. */
  number: number;
  /**
   * Makes it happen for about `ms`, then leaves everything as it was, whatever happens.
   * @returns how often it struck
   */
  inject(world: World, ms: number): Promise<number>;
}
