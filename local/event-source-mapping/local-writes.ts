import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const write = /^DynamoDB_\d+\.(Put|Update|Delete|BatchWrite|TransactWrite)/;

/**
 * Calls `callback` after each write of this process to DynamoDB. A diagnostics channel of Node's HTTP client reports
 * the writes. The handlers run in this process, so nearly every stream record comes from such a write. After the call,
 * a mapping can read the record at once and need not wait for the next poll.
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
