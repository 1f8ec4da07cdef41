/** How many connections a room had, and when that was counted, ms since 1970. */
export interface Count {
  people: number;
  at: number;
}

/** The count of each room's last complete listing. */
export interface People {
  /** @returns undefined if it was never counted */
  find(room: string): Promise<Count | undefined>;
  /** Keeps a count, at most once a second and room. */
  keep(room: string, count: Count): Promise<void>;
  /**
   * Claims the next count, so that only one caller lists the connections.
   *
   * @param seen the count that the caller has read; if it has changed since, another caller has the claim
   * @returns whether the caller has the claim
   */
  claim(room: string, seen: Count | undefined, now: number): Promise<boolean>;
}
