import { ShoutError } from '../errors.ts';
import type { Actor } from '../schema.generated.ts';

/** Who may read or write in a room: `everyone`, `signed-in`, `moderator`, or another role that the operator names. */
export type Audience = string;

export interface Access {
  read: Audience;
  /** Never `everyone`, because only people who are signed in may write. */
  write: Audience;
}

/** All rooms, by name. `*` stands for every room that is not named. */
export type Rooms = ReadonlyMap<string, Access>;

export interface Visitor {
  /** Absent for a guest. */
  actor?: Actor | undefined;
  /** Those of {@link rolesOf} that the person has; absent or empty if there are none. */
  roles?: readonly string[] | undefined;
}

/** Returns the roles that rooms require. Leaves out `moderator`, because `Actor.role` holds it. */
export function rolesOf(rooms: Rooms): readonly string[] {
  const audiences = [...rooms.values()].flatMap(({ read, write }) => [read, write]);
  return [...new Set(audiences)].filter((audience) => !['everyone', 'signed-in', 'moderator'].includes(audience));
}

export function isForEveryone(rooms: Rooms, room: string): boolean {
  return accessTo(rooms, room)?.read === 'everyone';
}

/**
 * Checks that a visitor may read a room.
 * @throws ShoutError `unauthenticated` for a guest who only has to sign in; otherwise `forbidden`
 */
export function requireReading(rooms: Rooms, room: string, visitor: Visitor): void {
  const refusal = readingRefusal(rooms, room, visitor);
  if (refusal) throw refusal;
}

/**
 * Returns the refusal if a visitor may not write in a room, otherwise undefined. For a visitor who may not even read
 * the room, it is the error that {@link requireReading} throws. For a visitor who may only read, it is `forbidden`.
 */
export function writingRefusal(rooms: Rooms, room: string, visitor: Visitor): ShoutError | undefined {
  const refusal = readingRefusal(rooms, room, visitor);
  if (refusal || isFor(accessTo(rooms, room)!.write, visitor)) return refusal;
  return new ShoutError('forbidden', `You may read the room ${room}, but not write in it.`, { rule: 'access' });
}

function accessTo(rooms: Rooms, room: string): Access | undefined {
  return rooms.get(room) ?? rooms.get('*');
}

function isFor(audience: Audience, { actor, roles = [] }: Visitor): boolean {
  if (audience === 'everyone') return true;
  if (!actor) return false;
  return audience === 'signed-in' || (audience === 'moderator' ? actor.role === 'moderator' : roles.includes(audience));
}

/**
 * Returns the refusal if a visitor may not read a room. Does not reveal whether the room exists, except to a guest who
 * only has to sign in to read it.
 */
function readingRefusal(rooms: Rooms, room: string, visitor: Visitor): ShoutError | undefined {
  const audience = accessTo(rooms, room)?.read;
  if (audience !== undefined && isFor(audience, visitor)) return undefined;
  if (!visitor.actor && audience === 'signed-in') {
    return new ShoutError('unauthenticated', `Sign in to read the room ${room}.`, { rule: 'access' });
  }
  return new ShoutError('forbidden', `There is no room ${room} here, or it is not for you.`, { rule: 'access' });
}
