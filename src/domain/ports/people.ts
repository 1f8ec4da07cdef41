/** Number of connections in a room, and when they were counted, ms since 1970. */
export interface Count {
  people: number;
  at: number;
}

/**
 * The last count of a room. `at` is the time of the count. A claim sets it to one second before the claim, so that
 * `keep` accepts a count right after the claim. `people` is undefined while the room's first count is under way.
 */
export interface LastCount {
  people: number | undefined;
  at: number;
}

/** Stores the last count of each room. */
export interface People {
  /** Returns the last count of a room; undefined if there is none. */
  find(room: string): Promise<LastCount | undefined>;
  /** Stores a count, unless the room's last one is less than a second old. */
  keep(room: string, count: Count): Promise<void>;
  /**
   * Claims the task to count again. If several callers try at once, only one gets it.
   *
   * @param seen the count that the caller has read, if any; if it has changed since, the caller does not get the claim
   * @returns whether the caller has the claim
   */
  claim(room: string, seen: LastCount | undefined, now: number): Promise<boolean>;
}
