import { describe, expect, it } from 'vitest';
import { resolveEnvironment } from './local-environment.ts';

const resources = { EventsTable: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'events-dev' } } };

describe('CloudFormation functions in an environment', () => {
  it('are replaced by their local values', () => {
    const environment = {
      EVENTS_TABLE: { Ref: 'EventsTable' },
      WEBSOCKET_URL: { 'Fn::Sub': 'wss://$' + '{WebsocketsApi}.execute-api…' },
      RATE_BURST: '10',
    };
    expect(resolveEnvironment(environment, resources, { WEBSOCKET_URL: 'ws://localhost:3001' })).toEqual({
      EVENTS_TABLE: 'events-dev',
      WEBSOCKET_URL: 'ws://localhost:3001',
      RATE_BURST: '10',
    });
  });

  it('that have no local value are an error, not an object as a string', () => {
    expect(() => resolveEnvironment({ QUEUE_URL: { Ref: 'Queue' } }, resources, {})).toThrow('QUEUE_URL');
  });
});
