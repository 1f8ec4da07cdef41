const SLOT_MS = 100;

/** Counts things that happen, such as requests: in total, and in the busiest second. */
export class PerSecond {
  total = 0;
  readonly #now: () => number;
  readonly #slots = new Map<number, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(): void {
    this.total++;
    const slot = Math.floor(this.#now() / SLOT_MS);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + 1);
  }

  /** Maximum count in ten consecutive slots, which last one second together. */
  get peak(): number {
    let peak = 0;
    for (const slot of this.#slots.keys()) {
      let sum = 0;
      for (let i = 0; i < 1_000 / SLOT_MS; i++) sum += this.#slots.get(slot + i) ?? 0;
      peak = Math.max(peak, sum);
    }
    return peak;
  }

  reset(): void {
    this.total = 0;
    this.#slots.clear();
  }
}
