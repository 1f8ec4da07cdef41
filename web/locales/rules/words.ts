/** Texts about the rules of a room, for the people whom they concern. Each language has a file of its own. */
export interface RuleWords {
  /** Somebody is banned for good. */
  banned: string;
  /** `{time}` stands for the end of the ban. */
  bannedUntil: string;
  /** Only moderators write. */
  locked: string;
  /** The message has a blocked word. */
  words: string;
  /** The room is not for this person. */
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
