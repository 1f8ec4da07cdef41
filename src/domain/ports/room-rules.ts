import type { Rules } from '../governance/rules.ts';
import type { IsBlocked } from '../governance/words.ts';

/** What somebody who writes is held to. */
export interface InForce {
  rules: Rules;
  /** Whether a text holds a word that is blocked here; absent where none is. */
  isBlocked?: IsBlocked | undefined;
}

export interface RoomRules {
  /** What holds in a room, as it was at most a second ago. The verdict on what is appended comes with its number. */
  current(room: string): Promise<InForce>;
}
