import type { Clock, StartTimer } from '../ports/clock.ts';

/** Time kept at the end of an invocation for metrics, traces and the answer, ms. */
const RESERVE_MS = 5_000;
/**
 * Maximum time for a delivery, ms. It applies even if the invocation has more time left, because the stream's next
 * batch waits for the delivery.
 */
const MOST_MS = 10_000;

/** The time that a delivery may take. When it is over, the posts that are left fail (I9 of docs/guarantees.md). */
export interface Budget {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** Time left, ms. */
  left(): number;
  /** Stops the budget's timer. */
  end(): void;
}

/**
 * Starts the budget of a delivery.
 * @param remainingMs time until the invocation ends
 */
export function startBudget(
  remainingMs: number,
  { now, startTimer }: { now: Clock; startTimer: StartTimer },
  mostMs = MOST_MS,
): Budget {
  const ms = Math.max(0, Math.min(remainingMs - RESERVE_MS, mostMs));
  const until = now() + ms;
  const over = new AbortController();
  const timer = startTimer(ms, () => over.abort());
  return { signal: over.signal, left: () => Math.max(0, until - now()), end: () => timer.close() };
}

/**
 * Yields the pages of a listing until `signal` aborts. The listing must use the same signal, and throw if the signal
 * aborts while a page is being read. That page is not yielded.
 *
 * @throws the listing's error, if the signal has not aborted or if no page was read
 */
export async function* untilAborted<T>(pages: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  let isEmpty = true;
  try {
    for await (const page of pages) {
      isEmpty = false;
      yield page;
      if (signal.aborted) return;
    }
  } catch (error) {
    if (!signal.aborted || isEmpty) throw error;
  }
}
