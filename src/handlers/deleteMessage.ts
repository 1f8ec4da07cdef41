import { randomUUID } from 'node:crypto';
import middy from '@middy/core';
import { deleteMessage as decide } from '../domain/commands/message.ts';
import type { Ack, DeleteMessage } from '../domain/schema.generated.ts';
import { connections, eventLog, rateLimiter } from '../infra/composition.ts';
import { consoleTelemetry } from '../infra/telemetry.ts';
import { errorFrames } from './middleware/errors.ts';
import { type IdentifiedPerson, identify } from './middleware/identify.ts';
import { parse } from './middleware/parse.ts';
import { rateLimitPerson } from './middleware/rate-limit.ts';
import { trace, traceId } from './middleware/trace.ts';
import { validate } from './middleware/validate.ts';
import { deleteMessage } from './middleware/validators.generated.js';

/** `deleteMessage` appends the deletion and scrubs the text, in one transaction. */
export const handler = middy<{ body: DeleteMessage }, unknown, Error, IdentifiedPerson>()
  .use(trace('deleteMessage', consoleTelemetry))
  .use(errorFrames(consoleTelemetry))
  .use(identify(connections, { guests: false }))
  .use(rateLimitPerson(rateLimiter))
  .use(parse())
  .use(validate(deleteMessage, ({ body }) => body))
  .handler(async ({ body }, { connection: { room, actor } }) => {
    const { target, clientMessageId = randomUUID() } = body;
    const event = decide(target, { room, actor, clientMessageId, at: Date.now(), trace: traceId() });
    const outcome = await eventLog().appendDeletion(event, target);
    if (outcome === 'appended') consoleTelemetry.count('Appended');
    const ack: Ack = { type: 'ack', clientMessageId, id: event.id };
    return { statusCode: 200, body: JSON.stringify(ack) };
  });
