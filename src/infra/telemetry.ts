import type { Clock } from '../domain/ports/clock.ts';
import type { Counter, Measure, Telemetry } from '../domain/ports/telemetry.ts';

const UNITS: Record<Measure, string> = { DeliveryLatency: 'Milliseconds', Connections: 'Count' };
/** Maximum number of values of one metric in one line (a limit of CloudWatch). */
const MAX_VALUES = 100;

/**
 * Writes one JSON object per line to stdout. Metrics are in CloudWatch's embedded metric format: CloudWatch turns a log
 * line into metrics, so counting costs no request. Metrics are kept until `flush`, which writes them in as few lines as
 * possible.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class ConsoleTelemetry implements Telemetry {
  readonly #counted = new Map<Counter, number>();
  readonly #measured = new Map<Measure, number[]>();
  readonly #now: Clock;

  constructor(now: Clock) {
    this.#now = now;
  }

  count(counter: Counter, by = 1): void {
    if (by > 0) this.#counted.set(counter, (this.#counted.get(counter) ?? 0) + by);
  }

  measure(measure: Measure, value: number): void {
    const values = this.#measured.get(measure);
    if (values) values.push(value);
    else this.#measured.set(measure, [value]);
  }

  log(level: 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown> = {}): void {
    write({ level, event, ...fields });
  }

  flush(): void {
    while (this.#counted.size + this.#measured.size > 0) write(this.#nextMetrics());
  }

  /** Returns the next line of metrics: all counts, and up to `MAX_VALUES` values of each measure. Forgets them. */
  #nextMetrics() {
    const Metrics: { Name: string; Unit: string }[] = [];
    const values: Record<string, number | number[]> = {};
    for (const [Name, value] of this.#counted) {
      Metrics.push({ Name, Unit: 'Count' });
      values[Name] = value;
    }
    this.#counted.clear();
    for (const [Name, all] of this.#measured) {
      Metrics.push({ Name, Unit: UNITS[Name] });
      values[Name] = all.splice(0, MAX_VALUES);
      if (all.length === 0) this.#measured.delete(Name);
    }
    // The metrics have no dimension. The namespace already names the stage, and each value of a dimension would be
    // another metric to pay for.
    const CloudWatchMetrics = [{ Namespace: process.env.AWS_EMF_NAMESPACE ?? 'shout-box', Dimensions: [[]], Metrics }];
    return { _aws: { Timestamp: this.#now(), CloudWatchMetrics }, ...values };
  }
}

/** Writes a line. Does not use console.log, because on Lambda it puts a time and a request id before the JSON. */
function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
