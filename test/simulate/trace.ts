import { createHash } from 'node:crypto';

/**
 * Lines are hashed together once they have more characters than this. With one call of `update` for each line, the
 * calls would take most of the time.
 */
const CHUNK = 65_536;

/** The calls, frames, faults and log lines of a run, in order. Equal hashes mean equal runs. */
export class Trace {
  lines = 0;
  #unhashed = '';
  readonly #hash = createHash('sha256');
  readonly #elapsed: () => number;
  readonly #show: ((line: string) => void) | undefined;

  /** @param elapsed returns the virtual ms since the start */
  constructor(elapsed: () => number, show?: (line: string) => void) {
    this.#elapsed = elapsed;
    this.#show = show;
  }

  add(where: string, what: string): void {
    const line = `${this.#elapsed().toFixed(3)} ${where} ${what}`;
    this.lines++;
    this.#unhashed += `${line}\n`;
    if (this.#unhashed.length > CHUNK) this.#update();
    this.#show?.(line);
  }

  /** The hash of all entries so far. */
  get hash(): string {
    this.#update();
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  #update(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }
}
