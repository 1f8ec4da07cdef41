import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Internals, WebSocketClients } from './serverless-offline.ts';

/** PostToConnection answers 413 for a payload of more than 128 KB (API Gateway Management API reference). */
const MAX_PAYLOAD_BYTES = 128 * 1024;

/**
 * Answers `POST /@connections/<id>` with AWS's status codes. serverless-offline would answer 204 instead of 200, and
 * has no limit for the payload. Its routing is bypassed, because the routing takes longer than the rest of a post.
 */
export function answerPosts({ clients, http }: Pick<Internals, 'clients' | 'http'>): void {
  const { addRoute } = clients;
  const { start } = http;
  let connected: WebSocketClients | undefined;
  clients.addRoute = function (...route) {
    connected = this;
    addRoute.apply(this, route);
  };
  http.start = function () {
    const { server } = this;
    const [others] = server.listeners('request') as [RequestListener];
    server.off('request', others).on('request', (request, response) => {
      const id = request.method === 'POST' && /^\/@connections\/([\w-]+)$/.exec(request.url ?? '')?.[1];
      // `post` rejects if the caller has closed its HTTP connection. Nobody waits for an answer then.
      if (id && connected) post(connected, id, request, response).catch(() => response.destroy());
      else others(request, response);
    });
    return start.call(this);
  };
}

async function post(
  clients: WebSocketClients,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const payload = await buffer(request);
  if (payload.byteLength > MAX_PAYLOAD_BYTES) response.writeHead(413);
  else response.writeHead(clients.send(id, payload.toString()) ? 200 : 410);
  response.end();
}
