import middy from '@middy/core';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { connections, runtime, telemetry } from '../infra/composition.ts';
import { errorFrames } from './middleware/errors.ts';
import { onlyEvent } from './middleware/only-event.ts';
import { trace } from './middleware/trace.ts';

/**
 * `$disconnect`: removes the connection's row. AWS invokes this Lambda on a best-effort basis. A row that is left over
 * is removed when a post to its connection is answered with 410, or by TTL.
 */
export const handler = middy<APIGatewayProxyWebsocketEventV2>()
  .use(trace('disconnect', telemetry, runtime.now))
  .use(errorFrames(telemetry))
  .use(onlyEvent('DISCONNECT'))
  .handler(async ({ requestContext }) => {
    await connections().remove({ id: requestContext.connectionId });
    return { statusCode: 200 };
  });
