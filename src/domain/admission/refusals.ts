/** Most entries kept; bounds the memory of a process that lives for hours. */
const MAX_ENTRIES = 1_000;

/**
 * Remembers who was refused and until when. An empty bucket cannot refill before then, so a request that comes earlier
 * is refused from memory, without asking the store.
 */
export class Refusals {
  readonly #waits = new Map<string, { from: number; until: number }>();

  /** @param retryAfterMs what the sender was told, ms from now */
  remember(key: string, retryAfterMs: number, now: number): void {
    this.#waits.delete(key);
    this.#waits.set(key, { from: now, until: now + retryAfterMs });
    if (this.#waits.size > MAX_ENTRIES) this.#waits.delete(this.#waits.keys().next().value!);
  }

  /** Time that `key` still has to wait, ms; 0 if none. */
  retryAfter(key: string, now: number): number {
    const wait = this.#waits.get(key);
    if (!wait) return 0;
    // If the clock is set back, nobody waits longer than they were told.
    if (wait.from <= now && now < wait.until) return wait.until - now;
    this.#waits.delete(key);
    return 0;
  }
}
