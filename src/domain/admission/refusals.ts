/** Entries at most: a process may live for hours. */
const MAX_ENTRIES = 1_000;

/**
 * Who was refused, and until when. Nothing can refill an empty bucket before the wait it named is over, so whoever comes
 * earlier is refused from memory, without a request to the store.
 */
export class Refusals {
  readonly #waits = new Map<string, { from: number; until: number }>();

  /** @param retryAfterMs what the sender was told, ms from now */
  remember(key: string, retryAfterMs: number, now: number): void {
    this.#waits.delete(key);
    this.#waits.set(key, { from: now, until: now + retryAfterMs });
    if (this.#waits.size > MAX_ENTRIES) this.#waits.delete(this.#waits.keys().next().value!);
  }

  /** How long `key` still has to wait, ms; 0 where it has not. */
  retryAfter(key: string, now: number): number {
    const wait = this.#waits.get(key);
    if (!wait) return 0;
    // A clock that was set back makes nobody wait longer than they were told.
    if (wait.from <= now && now < wait.until) return wait.until - now;
    this.#waits.delete(key);
    return 0;
  }
}
