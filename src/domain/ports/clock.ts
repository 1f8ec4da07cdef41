/** Returns the time, milliseconds since 1970-01-01T00:00Z. Passed in, so that tests can set the time. */
export type Clock = () => number;

/** Resolves after so many milliseconds. */
export type Sleep = (ms: number) => Promise<void>;

export interface Timer {
  /** Starts the timer anew. */
  refresh(): unknown;
  /** Stops the timer for good. */
  close(): unknown;
}

/** Starts a timer that calls back once, after so many milliseconds. */
export type StartTimer = (ms: number, callback: () => void) => Timer;
