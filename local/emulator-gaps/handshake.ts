import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import type { Internals } from './serverless-offline.ts';

/** Maximum size of a message, over all its frames ("Amazon API Gateway quotas", WebSocket). */
const MAX_MESSAGE_BYTES = 128 * 1024;

/**
 * Answers a handshake with the subprotocol that `$connect` returned, or with none. serverless-offline would answer with
 * the first one that the client offered, which may be the token. Also limits the size of messages.
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
