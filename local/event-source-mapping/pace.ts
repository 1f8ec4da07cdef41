/**
 * Decides when to poll the stream again: soon after there was something to read, and less and less often while there is
 * nothing.
 */
export interface Pace {
  /** Waits until the next poll is due or `wake` is called. Rejects when the signal is aborted. */
  wait(signal: AbortSignal): Promise<void>;
  /** Ends the wait, and makes the next waits short again. Call it when there is something to read, or soon will be. */
  wake(): void;
}

/**
 * The wait between two polls starts at `first` and doubles up to `most`. With `most`, a shard is polled four times a
 * second, as by Lambda (Lambda guide, "Using Lambda with DynamoDB streams").
 */
const WAIT_MS = { first: 2, most: 250 };

export function createPace(): Pace {
  let next = WAIT_MS.first;
  let wakeUp: (() => void) | undefined;
  return {
    wait: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const settle = (end: () => void) => () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', aborted);
          wakeUp = undefined;
          end();
        };
        const aborted = settle(() => reject(signal.reason));
        const timer = setTimeout(settle(resolve), next);
        next = Math.min(next * 2, WAIT_MS.most);
        wakeUp = settle(resolve);
        signal.addEventListener('abort', aborted);
      }),
    wake: () => {
      next = WAIT_MS.first;
      wakeUp?.();
    },
  };
}
