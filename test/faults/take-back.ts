import type { Rules } from '../../src/domain/governance/rules.ts';
import type { Command } from '../../web/client/shout-client.ts';

/** What takes back a rule that would keep one of these people from writing, if there is one. */
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
  /** What takes back a rule that is still in force. */
  inForce(): Command | undefined | Promise<Command | undefined>;
  /** Has a moderator send it. */
  send(command: Command): void;
  /** Waits until what was sent has its number and everyone has it. @returns whether that came to be */
  settled(): Promise<boolean>;
  complain(detail: string): void;
}

/**
 * A decision that was parked is numbered after the one that took it back, and is in force again. A moderator sees that, and
 * takes it back again.
 * @param most rules that can be in force at once
 * @returns whether all is settled
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
