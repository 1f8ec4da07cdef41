import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from '../faults/random.ts';
import type { Verdict } from '../faults/verdict.ts';
import type { VirtualTime } from './time.ts';
import type { Trace } from './trace.ts';

export type Handler = (event: never, context: never) => unknown;

/** One run of a handler. Its requests belong to it, so that a killed run gets no more answers. */
export interface Invocation {
  readonly id: number;
  readonly name: string;
  /** How far the clock of the invocation's machine is ahead, ms; negative if it is behind. */
  readonly skew: number;
  readonly deadline: number;
  /** Whether the invocation has ended or was killed. From then on, none of its requests is answered. */
  over: boolean;
  /** How many posts the invocation has made, and how many of them are still unanswered. */
  posts: { made: number; open: number };
}

export class FunctionError extends Error {}

const COLD_START_MS = { share: 0.01, min: 200, max: 900 };

const running = new AsyncLocalStorage<Invocation>();

/** Returns the invocation that the running code belongs to; undefined outside of Lambda. */
export function invocation(): Invocation | undefined {
  return running.getStore();
}

/** Calls `wait` for the running invocation, and settles as `wait` does. Never settles once the invocation has ended. */
export function onBehalf<T>(wait: () => Promise<T>): Promise<T> {
  const by = running.getStore();
  return new Promise((resolve, reject) => {
    if (by?.over) return;
    wait().then(
      (value) => by?.over || resolve(value),
      (error) => by?.over || reject(error),
    );
  });
}

/** Runs handlers as Lambda does: each invocation has a time-out, and its code gets no answers after its end. */
export class Lambda {
  /** How far the clock of a machine may be ahead or behind, ms. */
  skewMs = 0;
  /**
   * The verdict on I9 of docs/guarantees.md. `checked` counts the invocations that posted. If one ends before all its
   * posts are answered, that is a violation. Killed invocations are left out.
   */
  readonly deliveries: Verdict = { checked: 0, violations: [] };
  readonly #running = new Set<{ by: Invocation; end: (error: Error) => void }>();
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #trace: Trace;
  #invoked = 0;

  constructor(handlers: Readonly<Record<string, Handler>>, time: VirtualTime, random: Random, trace: Trace) {
    this.#handlers = handlers;
    this.#time = time;
    this.#random = random;
    this.#trace = trace;
  }

  /** @throws FunctionError if the handler failed, timed out or was killed */
  async invoke(name: string, event: unknown, timeoutMs = 10_000): Promise<unknown> {
    const cold = this.#random.chance(COLD_START_MS.share);
    await this.#time.sleep(
      cold ? this.#random.between(COLD_START_MS.min, COLD_START_MS.max) : this.#random.between(1, 4),
    );
    const by: Invocation = {
      id: ++this.#invoked,
      name,
      skew: Math.round(this.#random.between(-this.skewMs, this.skewMs)),
      deadline: this.#time.now() + timeoutMs,
      over: false,
      posts: { made: 0, open: 0 },
    };
    this.#trace.add('lambda', `${by.id} ${name}`);
    const context = {
      functionName: name,
      awsRequestId: String(by.id),
      getRemainingTimeInMillis: () => by.deadline - this.#time.now(),
    };
    try {
      return await new Promise((resolve, reject) => {
        const entry = { by, end: reject };
        this.#running.add(entry);
        const cancel = this.#time.after(timeoutMs, () => reject(new FunctionError('timed out')));
        const run = async () => this.#handlers[name]!(event as never, context as never);
        running
          .run(by, run)
          .then(resolve, (error) => reject(new FunctionError(String(error))))
          .finally(cancel);
      });
    } catch (error) {
      this.#trace.add('lambda', `${by.id} ${name} failed: ${(error as Error).message}`);
      throw error;
    } finally {
      if (!by.over) this.#judge(by);
      by.over = true;
      for (const entry of this.#running) if (entry.by === by) this.#running.delete(entry);
    }
  }

  #judge({ id, name, posts, deadline }: Invocation): void {
    if (posts.made > 0) this.deliveries.checked++;
    if (posts.open === 0) return;
    const when = this.#time.now() >= deadline ? 'was out of time' : 'had ended';
    const detail = `${name} ${id} ${when} while ${posts.open} posts of its delivery went on`;
    this.deliveries.violations.push({ anomaly: 'overrun', detail, at: this.#time.now() });
  }

  /** Kills running invocations. @returns their number */
  kill(which: (invocation: Invocation) => boolean = () => true): number {
    const killed = [...this.#running].filter(({ by }) => which(by));
    for (const { by, end } of killed) {
      by.over = true;
      this.#trace.add('lambda', `${by.id} ${by.name} killed`);
      end(new FunctionError('killed'));
    }
    return killed.length;
  }
}
