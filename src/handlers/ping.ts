import { countPeople } from '../domain/presence/count-people.ts';
import type { Ping } from '../domain/schema.generated.ts';
import { connections, eventLog, framePorts, people, runtime } from '../infra/composition.ts';
import { answer, frameChain, roleOf } from './frame-chain.ts';
import type { Identified } from './middleware/identify.ts';
import { ping } from './validators/ping.generated.js';

/**
 * `ping` answers with the room's head, the last number given, so that a client notices if it has missed the last
 * message. A ping also keeps the connection open.
 */
export const handler = frameChain<Ping, Identified>('ping', ping, { guests: true }, framePorts).handler(
  async (_event, { connection }) => {
    const { room } = connection;
    const ports = { people: people(), connections: connections(), now: runtime.now };
    const [{ epoch, seq }, count] = await Promise.all([
      eventLog().head(room),
      // If counting fails, answers without the count, because the head matters more.
      countPeople(room, ports).catch(() => undefined),
    ]);
    return answer({
      type: 'pong',
      epoch,
      head: seq,
      ...(count === undefined ? {} : { people: count }),
      ...roleOf(connection.actor),
    });
  },
);
