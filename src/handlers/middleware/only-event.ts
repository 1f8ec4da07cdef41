import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { ShoutError } from '../../domain/errors.ts';

/**
 * Lets pass only the event that API Gateway itself sends when a connection opens (`CONNECT`) or closes (`DISCONNECT`).
 * A client may send `{"action":"$disconnect"}`, which the local emulator routes to the same handler. Such a frame is
 * refused.
 */
export function onlyEvent(type: 'CONNECT' | 'DISCONNECT'): MiddlewareObj {
  const onlyEventBefore: MiddlewareObj['before'] = ({ event }) => {
    const { eventType } = (event as APIGatewayProxyWebsocketEventV2).requestContext;
    if (eventType !== type) throw new ShoutError('unknown_action', 'This is not an action.');
  };
  return { before: onlyEventBefore };
}
