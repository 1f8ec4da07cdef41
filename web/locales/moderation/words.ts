/** What the box says to moderators. A file of its own for each language. */
export interface ModerationWords {
  /** The menu of a message. */
  title: string;
  /** The panel of the room. */
  panel: string;
  remove: string;
  ban: string;
  /** How long: not at all, ten minutes, a day, for good. */
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
  /** `{n}` seconds. */
  seconds: string;
  lock: string;
}
