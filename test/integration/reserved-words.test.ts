import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';
import { reservedWords } from '../in-memory/dynamodb/reserved-words.ts';

let engine: TestDynamoDB;
beforeAll(async () => {
  engine = await startDynamoDB();
});
afterAll(() => engine.stop());

test('a real engine reserves the words that the one in memory does', async () => {
  const taken: string[] = [];
  for (const ProjectionExpression of reservedWords) {
    const get = new GetCommand({ TableName: STATE_TABLE, Key: { pk: 'x', sk: 'x' }, ProjectionExpression });
    await documentClient()
      .send(get)
      .then(
        () => taken.push(ProjectionExpression),
        (error: Error) => expect(error.name).toBe('ValidationException'),
      );
  }
  expect(taken).toEqual([]);
  expect(reservedWords.size).toBeGreaterThan(570);
});
