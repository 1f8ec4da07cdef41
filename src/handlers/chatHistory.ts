import middy from '@middy/core';
import normalizeHeaders from '@middy/http-header-normalizer';
import { readRoom } from '../domain/admission/read-room.ts';
import { chatHistory } from '../domain/reading/history.ts';
import type { ChatHistoryQuery } from '../domain/schema.generated.ts';
import {
  access,
  originSecrets,
  pageLimits,
  readLimits,
  readRoomPorts,
  runtime,
  telemetry,
  tokenVerifier,
  tracedEventLog,
} from '../infra/composition.ts';
import { type Authenticated, authenticateRequest } from './middleware/authenticate.ts';
import { behindDistribution } from './middleware/behind-distribution.ts';
import { errorStatus } from './middleware/errors.ts';
import { json, pageSize, query } from './middleware/http.ts';
import { rateLimitCaller } from './middleware/rate-limit.ts';
import { trace } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { chatHistoryQuery } from './middleware/validators.generated.js';

/** `GET /chat-history`: messages as they are now, newest first. */
export const handler = middy<{ queryStringParameters: ChatHistoryQuery }, unknown, Error, Authenticated>()
  .use(trace('chatHistory', telemetry, runtime.now))
  .use(errorStatus(telemetry))
  .use(normalizeHeaders({ canonical: false }))
  .use(behindDistribution(originSecrets))
  .use(authenticateRequest({ verifier: tokenVerifier, policy: access }))
  .use(rateLimitCaller(readLimits))
  .use(query())
  .use(validate(chatHistoryQuery))
  .handler(async (event, { caller }) => {
    const { room = 'lobby', before, limit } = event.queryStringParameters;
    await readRoom(room, caller ?? {}, readRoomPorts(), runtime.now());
    const size = pageSize(limit, pageLimits().pageSizeMax);
    return json(await chatHistory(tracedEventLog(), room, before === undefined ? undefined : Number(before), size));
  });
