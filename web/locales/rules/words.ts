/** Texts about bans, the other rules of a room, pinned messages and reports. Each language has its own file. */
export interface RuleWords {
  /** Shown to a person who is banned for good. */
  banned: string;
  /** `{time}` stands for the end of the ban. */
  bannedUntil: string;
  /** Shown while only moderators may write. */
  locked: string;
  /** Shown if a message has a blocked word. */
  words: string;
  /** Shown if the person may not write in the room, or may not even read it. */
  access: string;
  pinned: string;
  /** Shown after a report was sent. */
  reported: string;
  reason: string;
  /** Texts for `Reason` of `schemas/event.json`: why somebody reports a message, or why a moderator acts. */
  reasons: Record<'spam' | 'abuse' | 'off_topic' | 'personal_data' | 'illegal' | 'other', string>;
  cancel: string;
  close: string;
}
