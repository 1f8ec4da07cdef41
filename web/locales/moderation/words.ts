/** Texts for moderators. Each language has a file of its own. */
export interface ModerationWords {
  /** The menu of a message. */
  title: string;
  /** The panel of the room. */
  panel: string;
  remove: string;
  ban: string;
  /** Lengths of a ban: none, ten minutes, a day, for good. */
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
