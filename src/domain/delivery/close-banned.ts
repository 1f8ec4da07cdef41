import { banOf, type Rules } from '../governance/rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connections } from '../ports/connections.ts';
import type { Gateway } from '../ports/gateway.ts';
import type { SequencedEvent } from '../schema.generated.ts';
import { allEnded } from './all-ended.ts';

interface CloseBannedPorts {
  connections: Pick<Connections, 'ofPerson' | 'remove'>;
  gateway: Pick<Gateway, 'close'>;
  now: Clock;
}

/**
 * Closes the room's connections of the people whom these events ban, if the bans are still in force. Used only for
 * rooms that are not for everyone, because a banned person may go on reading a room that is for everyone.
 *
 * @param rules the room's rules after the events
 * @throws if a person's connections cannot be listed or removed. A failed close is not noticed, because `Gateway.close`
 *   never throws.
 */
export async function closeBanned(
  room: string,
  events: readonly SequencedEvent[],
  rules: Rules,
  { connections, gateway, now }: CloseBannedPorts,
): Promise<void> {
  const people = new Set(events.flatMap((event) => (event.type === 'PersonBanned' ? [event.data.person] : [])));
  for (const person of people) {
    const open = await connections.ofPerson(person);
    const banned = open.filter(({ room: theirs, actor }) => theirs === room && actor && banOf(rules, actor, now()));
    await allEnded(
      banned.map(async (connection) => {
        // Removes the row too, because closing can fail, and has no effect on a socket that is still opening. A socket
        // without a row gets nothing that is posted to the room, and its next ping is refused.
        try {
          await connections.remove(connection);
        } finally {
          await gateway.close(connection.id);
        }
      }),
    );
  }
}
