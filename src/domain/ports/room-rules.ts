import type { Rules } from '../governance/rules.ts';
import type { IsBlocked } from '../governance/words.ts';

/** The rules that a command is checked against. */
export interface InForce {
  rules: Rules;
  /** Whether a text holds a word that is blocked in the room; absent if no word is blocked. */
  isBlocked?: IsBlocked | undefined;
}

export interface RoomRules {
  /** Returns the rules of a room, at most a second old. Numbering gives the final verdict on an event. */
  current(room: string): Promise<InForce>;
}
