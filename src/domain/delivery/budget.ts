import type { Clock, StartTimer } from '../ports/clock.ts';

/** Time kept at the end of an invocation for metrics, traces and the answer, ms. */
const RESERVE_MS = 5_000;
/** Longest delivery, ms, even if more time is left: the next batch waits for it. */
const MOST_MS = 10_000;

/** How long a delivery may take. Posts that are left then fail (I9 of docs/guarantees.md). */
export interface Budget {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** Time left, ms. */
  left(): number;
  /** Stops its timer. */
  end(): void;
}

/** @param remainingMs until the invocation ends */
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
 * Yields the pages of a listing until the signal aborts. A page that is being read then is dropped.
 *
 * @throws if the listing fails, or if it is aborted before its first page was read
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
