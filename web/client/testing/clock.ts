import type { Timers } from '../lifetime.ts';

/** A clock that only a test advances. */
export class VirtualClock implements Timers {
  #now = 1_800_000_000_000;
  #next = 1;
  readonly #due = new Map<number, { at: number; run: () => void }>();

  readonly now = (): number => this.#now;

  readonly setTimeout = (run: () => void, ms: number): number => {
    this.#due.set(this.#next, { at: this.#now + Math.max(0, ms), run });
    return this.#next++;
  };

  readonly clearTimeout = (handle: unknown): void => {
    this.#due.delete(handle as number);
  };

  /** Number of timers that have yet to fire. */
  get pending(): number {
    return this.#due.size;
  }

  /** Advances by `ms`. Timers fire in order of time. Pending microtasks run before the first and after each timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#first(end); next; next = this.#first(end)) {
      const [handle, { at, run }] = next;
      this.#due.delete(handle);
      this.#now = Math.max(this.#now, at);
      run();
      await settle();
    }
    this.#now = end;
  }

  #first(end: number) {
    let first: [number, { at: number; run: () => void }] | undefined;
    for (const entry of this.#due) if (entry[1].at <= end && (!first || entry[1].at < first[1].at)) first = entry;
    return first;
  }
}

/** Waits until all pending microtasks have run. They run before a callback of `setImmediate`, which is a macrotask. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
