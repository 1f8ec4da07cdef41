/** What the box says about the rules of a room, to those whom they concern. A file of its own for each language. */
export interface RuleWords {
  /** Somebody is banned for good. */
  banned: string;
  /** `{time}` stands for the end of the ban. */
  bannedUntil: string;
  /** Only moderators write. */
  locked: string;
  /** A message had a blocked word. */
  words: string;
  /** A room that is not for this person. */
  access: string;
  pinned: string;
  /** A report was sent. */
  reported: string;
  reason: string;
  /** The closed list of `schemas/event.json`. */
  reasons: Record<'spam' | 'abuse' | 'off_topic' | 'personal_data' | 'illegal' | 'other', string>;
  cancel: string;
  close: string;
}
