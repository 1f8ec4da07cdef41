import type { Counter, Measure, Telemetry } from '../domain/ports/telemetry.ts';

const UNITS: Record<Measure, string> = { DeliveryLatency: 'Milliseconds', Connections: 'Count' };
/** Values a metric may have in one line. */
const MAX_VALUES = 100;

const counted = new Map<Counter, number>();
const measured = new Map<Measure, number[]>();

/**
 * One JSON object a line on stdout. Metrics are CloudWatch's embedded metric format: a log line that CloudWatch turns
 * into metrics, so counting costs no call. They are kept until the invocation ends, which is then one line.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const consoleTelemetry: Telemetry = {
  count(counter, by = 1) {
    if (by > 0) counted.set(counter, (counted.get(counter) ?? 0) + by);
  },
  measure(measure, value) {
    const values = measured.get(measure);
    if (values) values.push(value);
    else measured.set(measure, [value]);
  },
  log(level, event, fields = {}) {
    write({ level, event, ...fields });
  },
  flush() {
    while (counted.size + measured.size > 0) write(nextMetrics());
  },
};

/** Takes as much of what was counted and measured as one line holds. */
function nextMetrics() {
  const Metrics: { Name: string; Unit: string }[] = [];
  const values: Record<string, number | number[]> = {};
  for (const [Name, value] of counted) {
    Metrics.push({ Name, Unit: 'Count' });
    values[Name] = value;
  }
  counted.clear();
  for (const [Name, all] of measured) {
    Metrics.push({ Name, Unit: UNITS[Name] });
    values[Name] = all.splice(0, MAX_VALUES);
    if (all.length === 0) measured.delete(Name);
  }
  // No dimension: the namespace is the stage's, and each further one would make every metric cost once more.
  const CloudWatchMetrics = [{ Namespace: process.env.AWS_EMF_NAMESPACE ?? 'shout-box', Dimensions: [[]], Metrics }];
  return { _aws: { Timestamp: Date.now(), CloudWatchMetrics }, ...values };
}

/** Not console.log: Lambda's puts a time and a request id before the JSON. */
function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
