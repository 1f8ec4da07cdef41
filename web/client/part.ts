import { fullJitter } from './backoff.ts';
import { realTimers, type Timers } from './lifetime.ts';

/**
 * Default number of attempts. The random waits between them grow to at most half a minute, so all attempts together
 * usually last for one to three minutes.
 */
const ATTEMPTS = 12;

/** Dependencies that a test can replace. */
interface Surroundings {
  timers: Timers;
  random: () => number;
  importFrom: (url: string) => Promise<unknown>;
}

const browser: Surroundings = {
  timers: realTimers,
  random: Math.random,
  importFrom: (url) => import(/* @vite-ignore */ url),
};

/**
 * A file of the box that is fetched when it is first needed. All boxes of a page share it.
 *
 * Some browsers remember a failed `import()` by its URL until the page is reloaded
 * (https://github.com/whatwg/html/pull/10327), so each retry uses another URL if it can.
 *
 * @example const writing = new Part(() => import('./writing/writing.ts'));
 */
export class Part<T> {
  readonly #import: () => Promise<T>;
  readonly #attempts: number;
  readonly #surroundings: Surroundings;
  readonly #failed = new Set<(error: Error) => void>();
  #failures = 0;
  #loading: Promise<T> | undefined;

  /**
   * @param load an arrow function whose body is one `import()` with a literal path
   * @param attempts how often {@link Part.load} tries before it rejects
   */
  constructor(load: () => Promise<T>, attempts = ATTEMPTS, surroundings = browser) {
    this.#import = load;
    this.#attempts = attempts;
    this.#surroundings = surroundings;
  }

  /**
   * Fetches the part, with retries.
   * @param failed called at most once, with the error of the next attempt that fails; more attempts may follow
   * @throws the last attempt's error; another call then starts over
   */
  load(failed?: (error: Error) => void): Promise<T> {
    if (failed) this.#failed.add(failed);
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<T> {
    const { timers, random } = this.#surroundings;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#fetch();
      } catch (error) {
        this.#failures++;
        for (const tell of this.#failed) {
          this.#failed.delete(tell);
          tell(error as Error);
        }
        if (attempt === this.#attempts) {
          this.#loading = undefined;
          throw error;
        }
      }
      await new Promise<void>((resolve) => timers.setTimeout(resolve, fullJitter(attempt, random, 500)));
    }
  }

  #fetch(): Promise<T> {
    // Only the bundler knows the file's name. Most bundlers write it into the `import()` in the function `#import`,
    // so it is read from that function's source here. Other bundlers replace the `import()` by code of their own. Then
    // no name is found, and a retry calls `#import` again.
    const [, path] = /\bimport\(\s*["'`](.+?)["'`]/.exec(`${this.#import}`) ?? [];
    if (!this.#failures || !path) return this.#import();
    const url = new URL(path, import.meta.url);
    url.searchParams.set('retry', `${this.#failures}`);
    return this.#surroundings.importFrom(url.href) as Promise<T>;
  }
}
