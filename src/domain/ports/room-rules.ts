import type { Rules } from '../governance/rules.ts';
import type { IsBlocked } from '../governance/words.ts';

/** The rules that a command is checked against. */
export interface InForce {
  rules: Rules;
  /** Whether a text holds a word that is blocked in the room; absent if no word is blocked. */
  isBlocked?: IsBlocked | undefined;
}

export interface RoomRules {
  /**
   * Returns the rules of a room, perhaps without the newest ban. That ban still takes effect, because bans are checked
   * again when a message gets its number (governance/verdict.ts).
   *
   * @param maxAgeMs maximum age of the rules, ms; by default, one second
   */
  current(room: string, maxAgeMs?: number): Promise<InForce>;
}
