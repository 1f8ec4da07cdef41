/** Milliseconds since 1970-01-01T00:00Z. Passed in, so that tests own the time. */
export type Clock = () => number;

/** Resolves after so many milliseconds. */
export type Sleep = (ms: number) => Promise<void>;

export interface Timer {
  /** Starts it anew. */
  refresh(): unknown;
  /** Stops it for good. */
  close(): unknown;
}

/** Calls back once, after so many milliseconds. */
export type StartTimer = (ms: number, callback: () => void) => Timer;
