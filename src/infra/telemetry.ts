import type { Telemetry } from '../domain/ports.ts';

const NAMESPACE = 'ShoutBox';

/**
 * One JSON object a line on stdout. Metrics are CloudWatch's embedded metric format: a log line that CloudWatch turns
 * into a metric, so counting costs no call.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const consoleTelemetry: Telemetry = {
  count(metric, value, dimensions = {}) {
    const _aws = {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: metric, Unit: 'Count' }] },
      ],
    };
    console.log(JSON.stringify({ _aws, ...dimensions, [metric]: value }));
  },
  log(level, event, fields = {}) {
    console.log(JSON.stringify({ level, event, ...fields }));
  },
};
