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
 * Maximum delay of a timer, ms. A longer delay overflows a 32-bit integer, and the timer runs too early, usually at
 * once (HTML, "timer initialization steps").
 */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A group of timers and waits. Calling `end` ends all of them, for example when the connection closes. */
export class Lifetime {
  over = false;
  readonly #timers: Timers;
  /** The pending timers, each with the function to call if the lifetime ends first. */
  readonly #pending = new Map<unknown, (() => void) | undefined>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * Calls `run` after `ms`. If the lifetime ends first, or is over already, calls `ended` instead.
   *
   * @returns a function that cancels the timer: neither `run` nor `ended` is then called
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

  /**
   * Calls `work` and settles as its promise does. If `ms` pass or this lifetime ends first, aborts the signal and
   * rejects, even if `work` ignores the signal. If the lifetime is over already, rejects without calling `work`.
   */
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
