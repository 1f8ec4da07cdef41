/** A token bucket as API Gateway's throttles are. */
export class Throttle {
  taken = 0;
  #tokens: number;
  #at: number;
  readonly #burst: number;
  readonly #perMs: number;

  constructor({ burst, perSecond }: { burst: number; perSecond: number }, now: number) {
    this.#burst = this.#tokens = burst;
    this.#perMs = perSecond / 1_000;
    this.#at = now;
  }

  /** @returns whether it lets a request in */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    this.taken++;
    return true;
  }
}
