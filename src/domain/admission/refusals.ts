/** Maximum number of entries. It bounds the memory of a process that lives for hours. */
const MAX_ENTRIES = 1_000;

/**
 * Remembers who was refused, and until when they must wait. During the wait, their requests can be refused without
 * asking the store. For example, an empty token bucket surely has no token before the wait is over.
 */
export class Refusals {
  readonly #waits = new Map<string, { from: number; until: number }>();

  /**
   * Notes that the sender with this key was refused.
   * @param retryAfterMs the wait that the sender was told, ms
   */
  remember(key: string, retryAfterMs: number, now: number): void {
    this.#waits.delete(key);
    this.#waits.set(key, { from: now, until: now + retryAfterMs });
    if (this.#waits.size > MAX_ENTRIES) this.#waits.delete(this.#waits.keys().next().value!);
  }

  /** Returns the time that the sender with this key must still wait, ms; 0 if none. */
  retryAfter(key: string, now: number): number {
    const wait = this.#waits.get(key);
    if (!wait) return 0;
    // `now < wait.from` means that the clock was set back. The wait is then forgotten, so that nobody waits longer than
    // they were told.
    if (wait.from <= now && now < wait.until) return wait.until - now;
    this.#waits.delete(key);
    return 0;
  }
}
