import middy from '@middy/core';
import normalizeHeaders from '@middy/http-header-normalizer';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { readRoom } from '../domain/admission/read-room.ts';
import { replaced } from '../domain/admission/replaced.ts';
import type { Visitor } from '../domain/admission/rooms.ts';
import type { Connection } from '../domain/ports/connections.ts';
import type { ConnectQuery } from '../domain/schema.generated.ts';
import {
  access,
  close,
  connections,
  dialLimits,
  originSecrets,
  readRoomPorts,
  runtime,
  telemetry,
  tokenVerifier,
} from '../infra/composition.ts';
import { type Authenticated, authenticateHandshake } from './middleware/authenticate.ts';
import { type BehindDistribution, behindDistribution } from './middleware/behind-distribution.ts';
import { errorStatus } from './middleware/errors.ts';
import { query } from './middleware/http.ts';
import { onlyEvent } from './middleware/only-event.ts';
import { rateLimitCaller } from './middleware/rate-limit.ts';
import { addressKey } from './middleware/source-address.ts';
import { trace } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { connectQuery } from './validators/connectQuery.generated.js';

type ConnectEvent = APIGatewayProxyWebsocketEventV2 & { queryStringParameters?: ConnectQuery };

/**
 * Checks again, after the connection was stored, that its person is not banned. A ban closes only stored connections.
 * If it came after the first check but before this connection was stored, it did not close this connection.
 */
async function stillReads(connection: Connection, visitor: Visitor = {}): Promise<void> {
  try {
    await readRoom(connection.room, visitor, readRoomPorts(), runtime.now(), 0);
  } catch (error) {
    // If the row stays, the first post to it finds that there is no connection.
    await connections()
      .remove(connection)
      .catch(() => {});
    throw error;
  }
}

/** `$connect`: admits a new connection and stores it. API Gateway lets a WebSocket be refused only here. */
export const handler = middy<ConnectEvent, unknown, Error, Authenticated & BehindDistribution>()
  .use(trace('connect', telemetry, runtime.now))
  .use(errorStatus(telemetry))
  .use(onlyEvent('CONNECT'))
  .use(normalizeHeaders({ canonical: false }))
  .use(behindDistribution(originSecrets))
  .use(query())
  .use(validate(connectQuery))
  .use(authenticateHandshake({ verifier: tokenVerifier, policy: access }))
  .use(rateLimitCaller(dialLimits))
  .handler(async (event, { caller, subprotocol, throughDistribution = false }) => {
    const { requestContext, queryStringParameters } = event;
    const room = queryStringParameters?.room ?? 'lobby';
    await readRoom(room, caller ?? {}, readRoomPorts(), runtime.now());
    const connection: Connection = {
      id: requestContext.connectionId,
      room,
      connectedAt: runtime.now(),
      ...(caller
        ? { actor: caller.actor, roles: caller.roles ?? [], tokenExpiresAt: caller.expiresAt }
        : { address: addressKey(event, throughDistribution) }),
    };
    const oldest = await connections().add(connection);
    await Promise.all(oldest.map((id) => close(id, replaced)));
    await stillReads(connection, caller);
    return { statusCode: 200, ...(subprotocol ? { headers: { 'Sec-WebSocket-Protocol': subprotocol } } : {}) };
  });
