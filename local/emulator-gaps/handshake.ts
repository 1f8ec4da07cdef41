import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import type { Internals } from './serverless-offline.ts';

/** "Amazon API Gateway quotas", WebSocket: a message has at most 128 KB, in any number of frames. */
const MAX_MESSAGE_BYTES = 128 * 1024;

/**
 * Answers with the subprotocol that `$connect` returned, or with none. serverless-offline answers with the first one
 * that the client offered, which may be the token.
 */
export function answerSubprotocol({ clients, lambda }: Pick<Internals, 'clients' | 'lambda'>): void {
  const { verifyClient } = clients;
  const { runHandler } = lambda;
  const { handleUpgrade } = WebSocketServer.prototype;
  const handshake = new AsyncLocalStorage<IncomingMessage>();
  const answers = new WeakMap<IncomingMessage, string>();

  clients.verifyClient = function (connectionId, request) {
    return handshake.run(request, () => verifyClient.call(this, connectionId, request));
  };
  lambda.runHandler = async function () {
    const result = await runHandler.call(this);
    const request = handshake.getStore();
    const subprotocol = (result as { headers?: Record<string, string> } | undefined)?.headers?.[
      'Sec-WebSocket-Protocol'
    ];
    if (request && subprotocol) answers.set(request, subprotocol);
    return result;
  };
  WebSocketServer.prototype.handleUpgrade = function (request, ...rest) {
    this.options.maxPayload = MAX_MESSAGE_BYTES;
    this.options.handleProtocols = (_offered, request) => answers.get(request) ?? false;
    return handleUpgrade.call(this, request, ...rest);
  };
}
