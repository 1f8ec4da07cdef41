import { describe, expect, it } from 'vitest';
import { mappingsOf } from './settings.ts';

const resources = { EventsTable: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'events' } } };
const arn = { 'Fn::GetAtt': ['EventsTable', 'StreamArn'] };

describe('the mappings of serverless.yml', () => {
  it('are one per stream event, with Lambda’s defaults', () => {
    const [mapping, ...others] = mappingsOf(
      { connect: { events: [{}] }, idle: {}, fanOut: { events: [{ stream: { arn } }] } },
      resources,
    );
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({
      functionKey: 'fanOut',
      tableName: 'events',
      startingPosition: 'TRIM_HORIZON',
      batchSize: 100,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: -1,
      bisectBatchOnFunctionError: false,
      reportBatchItemFailures: false,
      onFailure: false,
    });
  });

  it('contain what the function configures', () => {
    const stream = {
      arn,
      functionResponseType: 'ReportBatchItemFailures',
      filterPatterns: [{ eventName: ['INSERT'] }],
    };
    const [mapping] = mappingsOf({ fanOut: { events: [{ stream }] } }, resources);
    expect(mapping!.reportBatchItemFailures).toBe(true);
    expect(mapping!.wanted({ eventName: 'INSERT' })).toBe(true);
    expect(mapping!.wanted({ eventName: 'MODIFY' })).toBe(false);
  });

  it('accept the short form of the attribute', () => {
    const stream = { arn: { 'Fn::GetAtt': 'EventsTable.StreamArn' } };
    expect(mappingsOf({ fanOut: { events: [{ stream }] } }, resources)[0]!.tableName).toBe('events');
  });

  it.each([
    ['a window', { arn, batchWindow: 1 }, 'batchWindow'],
    ['more than one batch at a time', { arn, parallelizationFactor: 2 }, 'parallelizationFactor'],
    ['a stream of a table that is not there', { arn: { 'Fn::GetAtt': ['Nothing', 'StreamArn'] } }, 'StreamArn'],
    ['a literal ARN', { arn: 'arn:aws:dynamodb:…' }, 'StreamArn'],
  ])('are refused with %s', (_, stream, message) => {
    expect(() => mappingsOf({ fanOut: { events: [{ stream }] } }, resources)).toThrow(message);
  });
});
