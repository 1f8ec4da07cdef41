import { expect, test } from 'vitest';
import { eventsTable, readOptions } from './options.ts';

test('a stage and a region', () => {
  const options = readOptions(['--stage', 'prod', '--region', 'us-east-1'], {});
  expect(options).toEqual({ stage: 'prod', region: 'us-east-1', deleteEvents: false });
  expect(eventsTable(options)).toBe('shout-box-prod-events');
});

test('the region may come from the environment', () => {
  expect(readOptions(['--stage', 'pr-12'], { AWS_REGION: 'sa-east-1' }).region).toBe('sa-east-1');
});

test('deleting messages has to be said', () => {
  expect(readOptions(['--stage', 'prod', '--delete-events'], {}).deleteEvents).toBe(true);
});

test.each([
  [[], /which stage/],
  [['--stage', 'Prod'], /"Prod" cannot be a stage/],
  [['--stage', 'config'], /"config" cannot be a stage/],
  [['--stage', 'prod-edge'], /"prod-edge" cannot be a stage/],
  [['--stage', 'prod', '--force'], /--force/],
])('refuses %j', (args, message) => expect(() => readOptions(args, {})).toThrow(message));
