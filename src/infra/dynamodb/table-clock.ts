import type { Clock } from '../../domain/ports/clock.ts';

/**
 * Maximum difference at which this machine's clock and DynamoDB's count as equal, ms. The `Date` header has whole
 * seconds only, and an answer takes a moment to arrive.
 */
const PRECISION_MS = 2_000;

/**
 * A clock that follows DynamoDB's, so that machines whose clocks differ agree on the time. Each answer of DynamoDB has
 * the time in its `Date` header (RFC 9110, section 6.6.1). As long as this machine's clock agrees with the last answer,
 * the machine's time is used unchanged.
 */
export class TableClock {
  readonly #local: Clock;
  /** DynamoDB's clock minus this machine's, ms; 0 if the two count as equal. */
  #ahead = 0;

  constructor(local: Clock) {
    this.#local = local;
  }

  readonly now: Clock = () => this.#local() + this.#ahead;

  /** @param date the `Date` header of an answer that has just arrived */
  heard(date: string | undefined): void {
    const ahead = Date.parse(date ?? '') - this.#local();
    if (!Number.isNaN(ahead)) this.#ahead = Math.abs(ahead) > PRECISION_MS ? ahead : 0;
  }
}
