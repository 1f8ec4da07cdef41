import type { Rules } from '../governance/rules.ts';
import type { IsBlocked } from '../governance/words.ts';

/** The rules that a command is checked against. */
export interface InForce {
  rules: Rules;
  /** Whether a text holds a word that is blocked in the room; absent if no word is blocked. */
  isBlocked?: IsBlocked | undefined;
}

export interface RoomRules {
  /** The rules of a room, at most a second old. The final verdict on an event comes with its number. */
  current(room: string): Promise<InForce>;
}
