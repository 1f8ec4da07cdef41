import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const write = /^DynamoDB_\d+\.(Put|Update|Delete|BatchWrite|TransactWrite)/;

/**
 * Calls `callback` after each write of this process to DynamoDB, so that the event source mapping can read the new
 * stream record at once instead of at its next poll. Nearly all writes are of this process, because the handlers run in
 * it. Learns of the writes from a diagnostics channel of Node's HTTP client.
 *
 * @returns a function that stops listening
 */
export function onLocalWrite(callback: () => void): () => void {
  const listener = (message: unknown) => {
    const target = (message as { request: ClientRequest }).request.getHeader('x-amz-target');
    if (typeof target === 'string' && write.test(target)) callback();
  };
  subscribe('http.client.response.finish', listener);
  return () => unsubscribe('http.client.response.finish', listener);
}
