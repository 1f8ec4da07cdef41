/** What is counted. docs/operations.md says what each number means. */
export type Counter =
  | 'Appended'
  | 'Sequenced'
  | 'Delivered'
  | 'Gone'
  | 'Failed'
  | 'Expired'
  | 'Throttled'
  | 'Refused'
  | 'Skipped'
  | 'Unexpected';

/** What is measured, value by value: ms from append to delivery, connections of the room that was served. */
export type Measure = 'DeliveryLatency' | 'Connections';

/** Metrics and log lines for the operator. Never a token, never a message's text. */
export interface Telemetry {
  count(counter: Counter, by?: number): void;
  measure(measure: Measure, value: number): void;
  log(level: 'info' | 'warn' | 'error', event: string, fields?: Record<string, unknown>): void;
  /** Writes what was counted and measured since the last time. Called once, at the end of an invocation. */
  flush(): void;
}
