/** When to ask the stream again: at once while there is work, ever more seldom while there is none. */
export interface Pace {
  /** Waits until it is time, or until someone wakes it. Rejects when the signal is aborted. */
  wait(signal: AbortSignal): Promise<void>;
  /** There is, or soon will be, something to read. */
  wake(): void;
}

/** The longest wait is Lambda's own: four polls a second on every shard (Lambda guide, "Using Lambda with DynamoDB streams"). */
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
