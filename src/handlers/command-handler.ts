import type { MiddyfiedHandler } from '@middy/core';
import { admitToRoom } from '../domain/admission/room-capacity.ts';
import { type Rooms, writingRefusal } from '../domain/admission/rooms.ts';
import type { Command } from '../domain/commands/command.ts';
import { execute } from '../domain/commands/execute.ts';
import type { EventLog } from '../domain/ports/event-log.ts';
import type { RateLimiter } from '../domain/ports/rate-limiter.ts';
import type { RoomRules } from '../domain/ports/room-rules.ts';
import type { Ack } from '../domain/schema.generated.ts';
import { utf8Length } from '../domain/text/utf8.ts';
import { answer, type FramePorts, frameChain } from './frame-chain.ts';
import type { IdentifiedPerson } from './middleware/identify.ts';
import { rateLimitPerson } from './middleware/rate-limit.ts';
import { traceId } from './middleware/trace.ts';
import type { Validate } from './middleware/validate.ts';

export interface CommandPorts extends FramePorts {
  rateLimiter: () => RateLimiter;
  roomLimiter: () => RateLimiter;
  eventLog: () => EventLog;
  roomRules: () => RoomRules;
  rooms: () => Rooms;
  messageLimits: () => { maxTextGraphemes: number };
}

/**
 * Makes the Lambda of a command. This Lambda only appends the event. The stream's Lambda (fanOut.ts) numbers the event
 * and fans it out.
 * @param isFrame the command's validator, made from its schema
 */
export function commandHandler<C extends { clientMessageId?: string }>(
  command: Command<C>,
  isFrame: Validate<{ body: C }>,
  ports: CommandPorts,
): MiddyfiedHandler<{ body: C }, unknown, Error, IdentifiedPerson> {
  const { eventLog, messageLimits, rateLimiter, roomLimiter, roomRules, rooms, runtime, telemetry } = ports;
  const limit = rateLimitPerson(rateLimiter);
  return frameChain<C, IdentifiedPerson>(command.name, isFrame, { guests: false, limit }, ports).handler(
    async ({ body }, { connection }) => {
      const { room, actor } = connection;
      const noAccess = writingRefusal(rooms(), room, connection);
      const clientMessageId = body.clientMessageId ?? runtime.createId();
      const limits = { textGraphemes: messageLimits().maxTextGraphemes };
      const context = { room, actor, clientMessageId, at: runtime.now(), trace: traceId(), limits, noAccess };
      // Only messages (`paced`) count toward the room's rate limit, so that moderation works when the limit is reached.
      if (command.paced && !noAccess)
        await admitToRoom(roomLimiter(), room, utf8Length(JSON.stringify(body)), runtime.random);
      const { id, appended, deleted } = await execute(command, body, context, {
        log: eventLog(),
        rules: roomRules(),
        rateLimiter: rateLimiter(),
      });
      if (appended) telemetry.count('Appended');
      const ack: Ack = { type: 'ack', clientMessageId, id, ...(deleted ? { deleted } : {}) };
      return answer(ack);
    },
  );
}
