import { Worker } from 'node:worker_threads';
import type { Sources } from './mutation.ts';
import type { Result } from './search/search.ts';

/** A message to a worker: search this scenario. */
export interface Command {
  name: string;
  /** Number of states after which the search stops. */
  limit: number;
}

/** A message from a worker. */
export type Told = { states: number } | { result: Result; seconds: number } | { failure: string };

/** A thread that searches for violations in the code that is deployed, or in a mutant of it. */
export class Searcher {
  readonly #worker: Worker;

  constructor(sources: Sources = {}) {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { sources } });
  }

  /** @throws Error if the search itself fails; a violation is a result */
  search(command: Command, progress: (states: number) => void): Promise<{ result: Result; seconds: number }> {
    return new Promise((resolve, reject) => {
      this.#worker.removeAllListeners();
      this.#worker.on('error', reject);
      this.#worker.on('message', (told: Told) => {
        if ('states' in told) progress(told.states);
        else if ('failure' in told) reject(new Error(told.failure));
        else resolve(told);
      });
      this.#worker.postMessage(command);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Runs a task for each item, at most `threads` at a time. */
export async function onThreads<T, R>(
  items: readonly T[],
  threads: number,
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await run(items[index]!, index);
  };
  await Promise.all(Array.from({ length: Math.min(threads, items.length) }, lane));
  return results;
}
