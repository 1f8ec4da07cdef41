import type { Timers } from '../../web/client/lifetime.ts';

interface Task {
  at: number;
  /** Tasks that are due at the same time run in the order of their creation. */
  order: number;
  run: (() => void) | undefined;
}

/** More tasks than this at the same virtual time indicate an endless loop. */
const MAX_AT_ONCE = 200_000;

/** Virtual time, which advances from one scheduled task to the next. Promises settle between two tasks. */
export class VirtualTime {
  static readonly START = 1_800_000_000_000;
  #now = VirtualTime.START;
  #made = 0;
  readonly #heap: Task[] = [];
  #atOnce = 0;

  readonly now = (): number => this.#now;

  /** Virtual ms since the start. */
  get elapsed(): number {
    return this.#now - VirtualTime.START;
  }

  /** Runs a function after `ms`. @returns a function that cancels it */
  after(ms: number, run: () => void): () => void {
    const task: Task = { at: this.#now + Math.max(0, ms), order: this.#made++, run };
    this.#push(task);
    return () => {
      task.run = undefined;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Timers for clients, on virtual time. */
  readonly timers: Timers = {
    setTimeout: (run, ms) => this.after(ms, run),
    clearTimeout: (cancel) => (cancel as () => void)(),
  };

  /**
   * Lets time pass until `main` has ended.
   * @throws what `main` throws; Error if `main` waits and no task is left, or if time does not advance any more
   */
  async run<T>(main: () => Promise<T>): Promise<T> {
    let ended = false;
    const result = main().finally(() => {
      ended = true;
    });
    result.catch(() => {});
    await inTurns(() => {
      if (!ended) this.#step();
      return ended;
    });
    return result;
  }

  #step(): void {
    const task = this.#pop();
    if (!task) throw new Error('Everybody waits and nothing is due.');
    this.#atOnce = task.at > this.#now ? 0 : this.#atOnce + 1;
    if (this.#atOnce > MAX_AT_ONCE) throw new Error(`Time stands still at ${this.elapsed} ms.`);
    this.#now = Math.max(this.#now, task.at);
    task.run?.();
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let at = heap.push(task) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(task, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = task;
  }

  /** Removes the next task that was not cancelled. @returns that task; undefined if there is none */
  #pop(): Task | undefined {
    for (let task = this.#first(); task; task = this.#first()) if (task.run) return task;
    return undefined;
  }

  #first(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || first === last) return first;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Number of turns that are queued at once. A pass of the event loop for each turn would cost more than most tasks. */
const QUEUED = 100;

/** Calls `turn` until it returns true or throws. Each turn is a macrotask, so all microtasks run between two turns. */
function inTurns(turn: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let over = false;
    const queue = () => {
      for (let i = 1; i < QUEUED; i++) setImmediate(run);
      setImmediate(() => {
        run();
        if (!over) queue();
      });
    };
    const run = () => {
      if (over) return;
      try {
        over = turn();
        if (over) resolve();
      } catch (error) {
        over = true;
        reject(error);
      }
    };
    queue();
  });
}
