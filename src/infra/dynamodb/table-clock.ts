import type { Clock } from '../../domain/ports/clock.ts';

/** The header has whole seconds, and an answer takes a moment. */
const PRECISION_MS = 2_000;

/**
 * The time by DynamoDB's clock, which each of its answers tells in its `Date` header (RFC 9110, section 6.6.1). This
 * machine's clock is used as long as it agrees.
 */
export class TableClock {
  readonly #local: Clock;
  /** DynamoDB's clock minus this machine's, ms. */
  #ahead = 0;

  constructor(local: Clock) {
    this.#local = local;
  }

  readonly now: Clock = () => this.#local() + this.#ahead;

  /** @param date of an answer that has just arrived */
  heard(date: string | undefined): void {
    const ahead = Date.parse(date ?? '') - this.#local();
    if (!Number.isNaN(ahead)) this.#ahead = Math.abs(ahead) > PRECISION_MS ? ahead : 0;
  }
}
