import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoConnections } from './connections.ts';

const TABLE = 'State';
const NOW = Date.parse('2027-01-15T12:00:00Z');
const anna = { id: 'anna', name: 'Anna' };
const guest = { id: 'c1', room: 'lobby', connectedAt: NOW };
const identity = { actor: anna, expiresAt: NOW / 1_000 + 600 };

interface Sent {
  constructor: { name: string };
  input: { Key?: { pk: string } };
}

/** The requests that reached the table, each as command and partition key, such as `UpdateCommand PERSON#anna`. */
let sent: string[];
/** Returns the table's answer to a request, or the error that the request fails with. */
let answer: (request: string) => Record<string, unknown> | Error;
let connections: DynamoConnections;

beforeEach(() => {
  sent = [];
  const db = {
    send: async (command: Sent) => {
      const request = `${command.constructor.name} ${command.input.Key?.pk ?? ''}`.trim();
      sent.push(request);
      const result = answer(request);
      if (result instanceof Error) throw result;
      return result;
    },
  };
  connections = new DynamoConnections(db as unknown as DynamoDBDocumentClient, TABLE, 3, () => NOW);
});

describe('a table in trouble', () => {
  it('given the set of a person could not be written, then the next renewal writes it, so that a ban finds the connection', async () => {
    let throttled = true;
    answer = (request) => (throttled && request.endsWith('PERSON#anna') ? new Error('throttled') : {});
    await expect(connections.authenticate(guest, identity)).rejects.toThrow('throttled');
    throttled = false;
    sent = [];
    expect(await connections.authenticate({ ...guest, actor: anna }, identity)).toEqual([]);
    expect(sent).toContain('UpdateCommand PERSON#anna');
  });

  it('given it reads a part of the rows only, then no connection counts as gone', async () => {
    const row = (id: string) => ({ connectionId: id, room: 'lobby', connectedAt: NOW, expiresAt: NOW / 1_000 + 60 });
    answer = (request) =>
      request.startsWith('BatchGet')
        ? { Responses: { [TABLE]: [row('c1')] }, UnprocessedKeys: { [TABLE]: { Keys: [{ pk: 'CONN#c2' }] } } }
        : { Item: { connectionIds: ['c1', 'c2'] }, Attributes: { connectionIds: ['c1', 'c2', 'c3', 'c4'] } };
    await expect(connections.ofPerson('anna')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(connections.add({ ...guest, actor: anna })).rejects.toMatchObject({ code: 'unavailable' });
    expect(sent.filter((request) => request.endsWith('PERSON#anna'))).toEqual([
      'GetCommand PERSON#anna',
      'UpdateCommand PERSON#anna',
    ]);
  });
});
