import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConsoleTelemetry } from './telemetry.ts';

const telemetry = new ConsoleTelemetry(Date.now);
let lines: string[];
beforeEach(() => {
  lines = [];
  vi.stubEnv('AWS_EMF_NAMESPACE', 'shout-box-test');
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const written = () => lines.map((line) => JSON.parse(line));

test('a log line is one line of JSON and nothing before it', () => {
  telemetry.log('warn', 'connect', { code: 'unauthenticated', text: 'a\nb' });
  expect(lines).toEqual(['{"level":"warn","event":"connect","code":"unauthenticated","text":"a\\nb"}\n']);
});

test('what an invocation counted and measured is one line in the embedded metric format', () => {
  telemetry.count('Delivered', 3);
  telemetry.count('Delivered', 4);
  telemetry.measure('DeliveryLatency', 12);
  telemetry.measure('DeliveryLatency', 15);
  expect(lines).toEqual([]);
  telemetry.flush();
  const Metrics = [
    { Name: 'Delivered', Unit: 'Count' },
    { Name: 'DeliveryLatency', Unit: 'Milliseconds' },
  ];
  expect(written()).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [{ Namespace: 'shout-box-test', Dimensions: [[]], Metrics }],
      },
      Delivered: 7,
      DeliveryLatency: [12, 15],
    },
  ]);
});

test('nothing is counted twice', () => {
  telemetry.count('Appended');
  telemetry.flush();
  telemetry.flush();
  expect(lines).toHaveLength(1);
});

test('nothing happened, nothing is written', () => {
  telemetry.count('Skipped', 0);
  telemetry.flush();
  expect(lines).toEqual([]);
});

test('no line holds more values of a metric than CloudWatch takes, and none is lost', () => {
  for (let ms = 0; ms < 250; ms++) telemetry.measure('DeliveryLatency', ms);
  telemetry.flush();
  expect(written().map(({ DeliveryLatency }) => DeliveryLatency.length)).toEqual([100, 100, 50]);
  expect(written().flatMap(({ DeliveryLatency }) => DeliveryLatency)).toEqual(
    Array.from({ length: 250 }, (_, ms) => ms),
  );
});
