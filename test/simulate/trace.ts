import { createHash } from 'node:crypto';

/** All calls of ports, in order. Equal hashes mean equal runs. */
export class Trace {
  lines = 0;
  readonly #hash = createHash('sha256');
  readonly #elapsed: () => number;
  readonly #show: ((line: string) => void) | undefined;

  /** @param elapsed virtual ms */
  constructor(elapsed: () => number, show?: (line: string) => void) {
    this.#elapsed = elapsed;
    this.#show = show;
  }

  add(where: string, what: string): void {
    const line = `${this.#elapsed().toFixed(3)} ${where} ${what}`;
    this.lines++;
    this.#hash.update(line).update('\n');
    this.#show?.(line);
  }

  /** The hash of all entries so far. */
  get hash(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
