import type { Rules } from '../../src/domain/governance/rules.ts';
import type { Command } from '../../web/client/shout-client.ts';

/**
 * Returns a command that ends one rule: the lock, slow mode, or a permanent ban of somebody in `people`. Returns
 * undefined if no such rule is in force.
 */
export function takesBack(
  { locked, slow, bans = {} }: Partial<Rules>,
  people: readonly { actorId: string }[],
): Command | undefined {
  if (locked) return { action: 'changeRoom', locked: false };
  if (slow) return { action: 'changeRoom', slow: 0 };
  const banned = people.find(({ actorId }) => Object.hasOwn(bans, actorId) && bans[actorId]?.until === undefined);
  return banned && { action: 'unbanPerson', person: banned.actorId };
}

/** A room whose traffic has been stopped. */
interface QuietRoom {
  /** Returns a command that takes back a rule in force that does not end by itself; undefined if there is none. */
  inForce(): Command | undefined | Promise<Command | undefined>;
  /** Sends the command as a moderator. */
  send(command: Command): void;
  /** Waits until the command's event has a number and everyone has applied it. @returns false if that takes too long */
  settled(): Promise<boolean>;
  complain(detail: string): void;
}

/**
 * Takes back every rule that keeps people from writing. The moderators have already taken back each rule that they set.
 * But the event that set a rule may have been parked (queued until it can be numbered). If it got its number after the
 * event that took the rule back, the rule is still in force.
 * @param most maximum number of rules that can be in force at once
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
