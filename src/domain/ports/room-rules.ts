import type { Rules } from '../governance/rules.ts';

/** What somebody who writes is held to. */
export interface InForce {
  rules: Rules;
}

export interface RoomRules {
  /** What holds in a room, as it was at most a second ago. The verdict on what is appended comes with its number. */
  current(room: string): Promise<InForce>;
}
