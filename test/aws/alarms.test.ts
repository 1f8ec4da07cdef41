import { expect, test } from 'vitest';

const { resources } = await import(new URL('../../resources/alarms.js', import.meta.url).href);

interface Metric {
  Id: string;
  Expression?: string;
  MetricStat?: { Metric: { MetricName: string } };
}

/**
 * Evaluates an alarm's expression for a period in which the metrics have these sums. @returns undefined if CloudWatch
 * would have no value
 */
function valueWith(alarm: string, sums: Record<string, number>): number | undefined {
  const { Metrics } = (resources.Resources as Record<string, { Properties: { Metrics: Metric[] } }>)[alarm]!.Properties;
  const expression = Metrics.find(({ Expression }) => Expression)!.Expression!;
  const inputs = Metrics.filter(({ MetricStat }) => MetricStat);
  const values = inputs.map(({ MetricStat }) => sums[MetricStat!.Metric.MetricName]);
  const fill = (value: number | undefined, filler: number) => value ?? filler;
  const result = new Function('FILL', ...inputs.map(({ Id }) => Id), `return ${expression}`)(fill, ...values);
  return Number.isFinite(result) ? result : undefined;
}
const thresholdOf = (alarm: string): number =>
  (resources.Resources as Record<string, { Properties: { Threshold: number } }>)[alarm]!.Properties.Threshold;

test.each([
  ['every post is refused', 'FailedPostsAlarm', { Failed: 40 }, true],
  ['some readers are out of reach', 'FailedPostsAlarm', { Failed: 4, Delivered: 40 }, false],
  ['all are reached', 'FailedPostsAlarm', { Delivered: 40 }, false],
  ['nobody writes', 'FailedPostsAlarm', {}, false],
  ['nothing is numbered at all', 'NotNumberedAlarm', { Appended: 5 }, true],
  ['half of it is parked', 'NotNumberedAlarm', { Appended: 600, Sequenced: 300 }, true],
  ['a few are on their way', 'NotNumberedAlarm', { Appended: 600, Sequenced: 596 }, false],
  ['more is numbered than written', 'NotNumberedAlarm', { Appended: 600, Sequenced: 900 }, false],
  ['nobody writes', 'NotNumberedAlarm', {}, false],
])('when %s, %s with %j: %j', (_, alarm, sums, loud) => {
  const value = valueWith(alarm, sums);
  expect(value !== undefined && value > thresholdOf(alarm)).toBe(loud);
});
