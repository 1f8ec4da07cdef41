import type { Child } from './child.ts';

/** Time until {@link awaitAll} first prints what it waits for, and the interval at which it then prints again. */
const PROGRESS_AFTER_MS = 2_000;
const PROGRESS_EVERY_MS = 3_000;

/**
 * Holds the parts of the stack. If a child process ends by itself, `failure` rejects. `stop` stops the parts one after
 * the other.
 */
export class Supervisor {
  /** Rejects when a child ends that should be running. The error says how the child ended and what it last printed. */
  readonly failure: Promise<never>;
  #fail!: (reason: Error) => void;
  #stopping = false;
  /** Process ids of the children, by name. */
  readonly children: Record<string, number> = {};
  readonly #parts: { name: string; stop: () => Promise<unknown> }[] = [];

  constructor() {
    this.failure = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.failure.catch(() => {});
  }

  /** Adds a part, whose `stop` is called when the stack stops. The part that was added last is stopped first. */
  add(name: string, stop: () => Promise<unknown>): void {
    // Stops the part at once if the stack is stopping already, such as after Ctrl-C during the start.
    if (this.#stopping) void stop();
    else this.#parts.push({ name, stop });
  }

  /** @param lastWords returns the last lines that the child has printed */
  addChild(name: string, child: Child, lastWords: () => string): void {
    this.add(name, () => child.stop());
    if (child.pid !== undefined) this.children[name] = child.pid;
    child.ended.then((how) => {
      if (!this.#stopping) this.#fail(new Error(`The ${name} ${how}.\n${lastWords()}`.trimEnd()));
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { name, stop } of this.#parts.splice(0).reverse()) {
      await stop().catch((error: Error) => console.error(`The ${name} did not stop cleanly: ${error.message}`));
    }
  }
}

/**
 * Waits for all promises. If that takes a while, prints the names of those that are still pending.
 *
 * @param doing the verb in front of the names
 */
export async function awaitAll(
  starting: Readonly<Record<string, Promise<unknown>>>,
  doing = 'starting',
): Promise<void> {
  const pending = new Set(Object.keys(starting));
  const report = () => console.log(`… ${doing}: ${[...pending].join(', ')}`);
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    report();
    repeat = setInterval(report, PROGRESS_EVERY_MS);
  }, PROGRESS_AFTER_MS);
  try {
    await Promise.all(Object.entries(starting).map(([name, ready]) => ready.then(() => pending.delete(name))));
  } finally {
    clearTimeout(first);
    clearInterval(repeat);
  }
}
