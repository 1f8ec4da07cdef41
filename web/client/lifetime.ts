/** The timer functions that the client uses. They are passed in, so that a test can control the time. */
export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const realTimers: Timers = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};

/**
 * Maximum delay of a timer, ms. Browsers run a timer with a longer delay at once (HTML, "timer initialization steps").
 */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Timers and waits that end together, so that none outlives its purpose. */
export class Lifetime {
  over = false;
  readonly #timers: Timers;
  /** The pending timers, each with the function to call if the lifetime ends first. */
  readonly #pending = new Map<unknown, (() => void) | undefined>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * Calls `run` after `ms`, or `ended` if the lifetime ends first.
   *
   * @returns a function that cancels both calls
   */
  after(ms: number, run: () => void, ended?: () => void): () => void {
    if (this.over) {
      ended?.();
      return () => {};
    }
    const handle = this.#timers.setTimeout(
      () => {
        this.#pending.delete(handle);
        run();
      },
      Math.min(ms, LONGEST_DELAY),
    );
    this.#pending.set(handle, ended);
    return () => {
      if (this.#pending.delete(handle)) this.#timers.clearTimeout(handle);
    };
  }

  /** Resolves after `ms`, or when this lifetime ends. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve, resolve);
    });
  }

  /** Settles as `work` does. Rejects after `ms`, or when this lifetime ends, even if `work` ignores its signal. */
  within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const abort = new AbortController();
      const giveUp = () => {
        reject(new Error('timeout'));
        abort.abort();
      };
      const done = this.after(ms, giveUp, giveUp);
      if (!this.over) work(abort.signal).then(resolve, reject).finally(done);
    });
  }

  end(): void {
    this.over = true;
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const [handle, ended] of pending) {
      this.#timers.clearTimeout(handle);
      ended?.();
    }
  }
}
