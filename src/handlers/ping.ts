import type { Ping } from '../domain/schema.generated.ts';
import { eventLog, framePorts } from '../infra/composition.ts';
import { answer, frameChain } from './frame-chain.ts';
import type { Identified } from './middleware/identify.ts';
import { ping } from './middleware/validators.generated.js';

/** `ping` answers with the room's head, so that a client notices a missed last message. It also keeps the connection open. */
export const handler = frameChain<Ping, Identified>('ping', ping, { guests: true }, framePorts).handler(
  async (_event, { connection }) => {
    const { epoch, seq } = await eventLog().head(connection.room);
    return answer({ type: 'pong', epoch, head: seq });
  },
);
