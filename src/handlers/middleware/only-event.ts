import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { ShoutError } from '../../domain/errors.ts';

/**
 * Lets pass only the event that API Gateway itself sends when a connection opens (`CONNECT`) or closes (`DISCONNECT`).
 * This is a safeguard: a client can send the frame `{"action":"$disconnect"}`, and the handler must not run for it. API
 * Gateway and the local emulator (local/emulator-gaps/frames.ts) already route such a frame to `$default`.
 */
export function onlyEvent(type: 'CONNECT' | 'DISCONNECT'): MiddlewareObj {
  const onlyEventBefore: MiddlewareObj['before'] = ({ event }) => {
    const { eventType } = (event as APIGatewayProxyWebsocketEventV2).requestContext;
    if (eventType !== type) throw new ShoutError('unknown_action', 'This is not an action.');
  };
  return { before: onlyEventBefore };
}
