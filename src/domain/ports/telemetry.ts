/** Names of the counters. docs/operations.md explains each. */
export type Counter =
  | 'Appended'
  | 'Sequenced'
  | 'Delivered'
  | 'Gone'
  | 'Failed'
  | 'Expired'
  | 'Throttled'
  | 'Silent'
  | 'Rejected'
  | 'Broken'
  | 'Late'
  | 'Refused'
  | 'Skipped'
  | 'Unexpected'
  | 'Parked';

/**
 * Measured values. `DeliveryLatency`: time from an event's append to the end of its delivery, ms. `Connections`: number
 * of connections in the room.
 */
export type Measure = 'DeliveryLatency' | 'Connections';

/** Metrics and log lines for the operator. They must not hold a token or a message's text. */
export interface Telemetry {
  count(counter: Counter, by?: number): void;
  measure(measure: Measure, value: number): void;
  log(level: 'info' | 'warn' | 'error', event: string, fields?: Record<string, unknown>): void;
  /** Writes the counts and measurements since the last call. Handlers call it at the end of an invocation. */
  flush(): void;
}
