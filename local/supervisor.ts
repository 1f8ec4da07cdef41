import type { Child } from './child.ts';

/** Time until a line first says what is awaited, and the interval at which it says so again. */
const PROGRESS_AFTER_MS = 2_000;
const PROGRESS_EVERY_MS = 3_000;

/** Keeps the parts of the stack together: they start in parallel, fail together and stop one after the other. */
export class Supervisor {
  /** Rejects with one sentence when a part ends that should be running. */
  readonly failure: Promise<never>;
  #fail!: (reason: Error) => void;
  #stopping = false;
  /** Process ids by name. */
  readonly children: Record<string, number> = {};
  readonly #parts: { name: string; stop: () => Promise<unknown> }[] = [];

  constructor() {
    this.failure = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.failure.catch(() => {});
  }

  /** `stop` is called when the stack stops. The part that was added last is stopped first. */
  add(name: string, stop: () => Promise<unknown>): void {
    // Ctrl-C was pressed during the start; the new part is stopped at once.
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
 * Waits for all promises. If that takes a while, prints which ones it still waits for.
 *
 * @param doing the verb in front of their names
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
