/** Texts for moderators. Each language has a file of its own. */
export interface ModerationWords {
  /** Names the menu of a message and the button that opens the menu. */
  title: string;
  /** Names the room's panel and the button that opens the panel. */
  panel: string;
  remove: string;
  ban: string;
  /** Choices for a ban: no ban, ten minutes, a day, for good. */
  noBan: string;
  tenMinutes: string;
  aDay: string;
  forGood: string;
  hide: string;
  apply: string;
  pin: string;
  unpin: string;
  reports: string;
  noReports: string;
  bans: string;
  noBans: string;
  unban: string;
  rules: string;
  slow: string;
  off: string;
  /** `{n}` stands for the number of seconds. */
  seconds: string;
  lock: string;
}
