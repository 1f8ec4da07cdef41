import type { RawData, WebSocket } from 'ws';
import type { Invoke } from '../invoke.ts';
import type { Internals } from './serverless-offline.ts';

/**
 * Maximum size of a frame. API Gateway closes the connection with 1009 after a larger frame ("Amazon API Gateway
 * quotas", WebSocket). Here the maximum is for a whole message, because ws joins the frames of a message.
 */
const MAX_FRAME_BYTES = 32 * 1024;
const GOING_AWAY = 1001;
/** API Gateway's close code after a binary frame ("Binary media types for WebSocket APIs in API Gateway"). */
const UNSUPPORTED_DATA = 1003;
const MESSAGE_TOO_BIG = 1009;
/** API Gateway's answer when a function fails. API Gateway also sends `connectionId` and `requestId`. */
const internalServerError = { body: JSON.stringify({ message: 'Internal server error' }) };

type Answer = { body?: string } | undefined;

/** Maximum wait for a client's answer to a close. After that, the connection is cut. */
const CLOSE_TIMEOUT_MS = 500;

/**
 * Refuses the frames that API Gateway refuses. Routes `{"action":"$connect"}` and `{"action":"$disconnect"}` to
 * `$default`, as API Gateway does. serverless-offline would run the handler of whatever route a client names.
 *
 * @returns a function that closes every connection. Without it, serverless-offline waits five seconds for each open
 *   connection when it stops.
 */
export function routeFrames(
  { clients, WebSocketEvent }: Pick<Internals, 'clients' | 'WebSocketEvent'>,
  invoke: Invoke,
): () => void {
  const { addClient, addRoute } = clients;
  const open = new Set<WebSocket>();
  let defaultFunction: string | undefined;
  clients.addRoute = function (functionKey, definition) {
    if (definition.route === '$default') defaultFunction = functionKey;
    addRoute.call(this, functionKey, definition);
  };
  clients.addClient = function (socket, connectionId) {
    addClient.call(this, socket, connectionId);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // When a frame breaks the protocol, ws closes the connection with the right code and emits an error. Without a
    // listener, the error would end the process.
    socket.on('error', () => {});
    const [route] = socket.listeners('message') as [(this: WebSocket, data: RawData, isBinary: boolean) => void];
    socket.off('message', route).on('message', async (data, isBinary) => {
      const body = String(data);
      if (isBinary) socket.close(UNSUPPORTED_DATA);
      else if (Buffer.byteLength(body) > MAX_FRAME_BYTES) socket.close(MESSAGE_TOO_BIG);
      else if (defaultFunction && isReserved(body)) {
        const event = new WebSocketEvent(connectionId, '$default', body).create();
        const answer = (await invoke(defaultFunction, event).catch(() => internalServerError)) as Answer;
        if (answer?.body) this.send(connectionId, answer.body);
      } else route.call(socket, data, isBinary);
    });
  };
  return () => {
    for (const socket of open) {
      socket.close(GOING_AWAY);
      setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    }
  };
}

function isReserved(body: string): boolean {
  try {
    return ['$connect', '$disconnect'].includes((JSON.parse(body) as { action?: string } | null)?.action ?? '');
  } catch {
    return false;
  }
}
