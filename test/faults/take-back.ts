import type { Rules } from '../../src/domain/governance/rules.ts';
import type { Command } from '../../web/client/shout-client.ts';

/** Returns a command that takes back a rule which keeps one of these people from writing; undefined if none does. */
export function takesBack(
  { locked, slow, bans = {} }: Partial<Rules>,
  people: readonly { actorId: string }[],
): Command | undefined {
  if (locked) return { action: 'changeRoom', locked: false };
  if (slow) return { action: 'changeRoom', slow: 0 };
  const banned = people.find(({ actorId }) => Object.hasOwn(bans, actorId) && bans[actorId]?.until === undefined);
  return banned && { action: 'unbanPerson', person: banned.actorId };
}

/** A room in which nobody talks any more. */
interface QuietRoom {
  /** The command that takes back a rule which is still in force; undefined if none is. */
  inForce(): Command | undefined | Promise<Command | undefined>;
  /** Has a moderator send it. */
  send(command: Command): void;
  /** Waits until the command has its number and everyone has it. @returns false if that takes too long */
  settled(): Promise<boolean>;
  complain(detail: string): void;
}

/**
 * Takes back every rule that keeps people from writing. A rule may be in force again, because a parked decision is
 * numbered after the command that took it back.
 * @param most largest number of rules that can be in force at once
 * @returns false if the room did not settle
 */
export async function takeAllBack(room: QuietRoom, most: number): Promise<boolean> {
  for (let taken = 0; ; taken++) {
    const command = await room.inForce();
    if (!command) return true;
    if (taken === most) {
      room.complain(`${JSON.stringify(command)} was numbered and changed nothing`);
      return true;
    }
    room.send(command);
    if (!(await room.settled())) return false;
  }
}
