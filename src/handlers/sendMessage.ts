import { randomUUID } from 'node:crypto';
import middy from '@middy/core';
import { postMessage } from '../domain/commands/message.ts';
import type { Ack, SendMessage } from '../domain/schema.generated.ts';
import { connections, eventLog, messageLimits, rateLimiter } from '../infra/composition.ts';
import { consoleTelemetry } from '../infra/telemetry.ts';
import { errorFrames } from './middleware/errors.ts';
import { type IdentifiedPerson, identify } from './middleware/identify.ts';
import { parse } from './middleware/parse.ts';
import { rateLimitPerson } from './middleware/rate-limit.ts';
import { trace, traceId } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { sendMessage } from './middleware/validators.generated.js';

/** `sendMessage` only appends: giving the message its place and delivering it is the stream's business. */
export const handler = middy<{ body: SendMessage }, unknown, Error, IdentifiedPerson>()
  .use(trace('sendMessage', consoleTelemetry))
  .use(errorFrames(consoleTelemetry))
  .use(identify(connections, { guests: false }))
  .use(rateLimitPerson(rateLimiter))
  .use(parse())
  .use(validate(sendMessage, ({ body }) => body))
  .handler(async ({ body }, { connection: { room, actor } }) => {
    const { text, clientMessageId = randomUUID() } = body;
    const context = { room, actor, clientMessageId, at: Date.now(), trace: traceId() };
    const event = postMessage(text, messageLimits().maxTextGraphemes, context);
    const outcome = await eventLog().append(event);
    if (outcome === 'appended') consoleTelemetry.count('Appended');
    const ack: Ack = { type: 'ack', clientMessageId, id: event.id };
    return { statusCode: 200, body: JSON.stringify(ack) };
  });
