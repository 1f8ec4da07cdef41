import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { decodeJwt } from 'jose';
import { type WebSocket, WebSocketServer } from 'ws';

/** A stand-in for the server. Its room has one message, and it answers just enough for a box to be live. */
export interface Api {
  /** Whether the API refuses every token, as a server with another issuer or audience does. */
  refuses: boolean;
  /** The socket of each `authenticate` frame, in order of arrival. */
  offered: WebSocket[];
  /**
   * The highest number of pings on one socket that was opened without a token. A box pings when its socket opens, and
   * again after five seconds, so 2 means that a guest's socket has been open for five seconds.
   */
  guestPings: number;
  /** Number of requests, sockets and frames with a token. */
  identified: number;
  /** The posted messages as `sub: text`, in order of arrival. */
  posted: string[];
  /** Whether posted messages reach the API. If not, they are lost without an answer. */
  hears: boolean;
  /** Answers a request. @returns false if the request is not for this API */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

const MESSAGE = {
  ...{ seq: 1, id: 'bob:1', at: Date.UTC(2026, 10, 1), text: 'Hello from bob' },
  actor: { id: 'bob'.padEnd(22, '0'), name: 'bob' },
};

export function serveApi(server: Server): Api {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'shout-box.v1' });
  const api: Api = {
    refuses: false,
    offered: [],
    identified: 0,
    posted: [],
    hears: true,
    guestPings: 0,
    answer({ url, method, headers }, response) {
      if (!/^\/(chat-history|events)\b/.test(url!)) return false;
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Headers', 'authorization');
      if (headers.authorization) api.identified++;
      if (method === 'OPTIONS') response.end();
      else if (api.refuses && headers.authorization) {
        response.writeHead(401).end(JSON.stringify({ code: 'unauthenticated', message: 'Not for this API.' }));
      } else response.end(JSON.stringify({ epoch: 'e1', head: 1, messages: [MESSAGE], events: [], nextBefore: null }));
      return true;
    },
  };
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const hasToken = request.headers['sec-websocket-protocol']?.includes('bearer.');
    if (hasToken) api.identified++;
    if (api.refuses && hasToken) {
      // Ignores errors, because the page may be gone already.
      socket.on('error', () => {});
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      let bearer = request.headers['sec-websocket-protocol']?.split('bearer.')[1];
      let pings = 0;
      const say = (frame: object) => webSocket.send(JSON.stringify(frame));
      webSocket.on('message', (data) => {
        const { action, token, text, clientMessageId } = JSON.parse(String(data)) as Record<string, string>;
        if (action === 'authenticate') {
          api.offered.push(webSocket);
          api.identified++;
        }
        if (action === 'ping') {
          if (!hasToken) api.guestPings = Math.max(api.guestPings, ++pings);
          say({ type: 'pong', epoch: 'e1', head: 1 });
        } else if (action === 'authenticate' && !api.refuses) {
          bearer = token;
          say({ type: 'authenticated', expiresAt: decodeJwt(token!).exp! * 1_000 });
        } else if (action === 'sendMessage' && bearer) {
          if (!api.hears) return;
          const { sub } = decodeJwt(bearer);
          api.posted.push(`${sub}: ${text}`);
          say({ type: 'ack', clientMessageId, id: `${sub}:${clientMessageId}` });
        } else say({ type: 'error', code: 'unauthenticated', message: 'Not for this API.' });
      });
    });
  });
  return api;
}
