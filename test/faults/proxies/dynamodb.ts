import type { Call, Intervention, Reply } from './http-proxy.ts';

/** Returns the operation of a call to DynamoDB or its streams: `PutItem`, `TransactWriteItems`, `GetRecords` … */
export function operationOf({ headers }: Call): string {
  return String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
}

export function json<T = Record<string, unknown>>({ body }: { body: Buffer }): T {
  return JSON.parse(body.toString()) as T;
}

export function withJson<T extends { body: Buffer }>(message: T, body: unknown): T {
  return { ...message, body: Buffer.from(JSON.stringify(body)) };
}

/** Returns an error response like DynamoDB's (Developer Guide, "Error handling with DynamoDB"). */
export function exception(name: string, fields: object = {}, status = 400): Reply {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: `${name} by a fault`, ...fields };
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** Limits an intervention to these operations. */
export function on(operations: readonly string[], intervention: Intervention): Intervention {
  return (call, forward) => (operations.includes(operationOf(call)) ? intervention(call, forward) : forward(call));
}

export const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];
export const READS = ['GetItem', 'Query', 'BatchGetItem'];
