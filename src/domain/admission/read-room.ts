import { bannedRefusal } from '../commands/moderators-only.ts';
import { banOf } from '../governance/rules.ts';
import type { RoomRules } from '../ports/room-rules.ts';
import { isForEveryone, type Rooms, requireReading, type Visitor } from './rooms.ts';

export interface ReadRoomPorts {
  rooms: Rooms;
  /** Called only if a signed-in person reads a room that is not for everyone. */
  rules: () => RoomRules;
}

/**
 * Checks that somebody may read a room. A banned person may still read a room that is for everyone, as guests may.
 * @param now ms since 1970
 * @param maxAgeMs how old the copy of the rules may be, ms; by default, one second
 * @throws ShoutError `unauthenticated` or `forbidden`
 */
export async function readRoom(
  room: string,
  visitor: Visitor,
  { rooms, rules }: ReadRoomPorts,
  now: number,
  maxAgeMs?: number,
): Promise<void> {
  requireReading(rooms, room, visitor);
  if (!visitor.actor || isForEveryone(rooms, room)) return;
  const ban = banOf((await rules().current(room, maxAgeMs)).rules, visitor.actor, now);
  if (ban) throw bannedRefusal(ban);
}
