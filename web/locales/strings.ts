/**
 * A text with forms for the plural categories of its language (`Intl.PluralRules`). `other` is used for categories
 * without a form. `{n}` stands for the number.
 */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/**
 * The texts of the widget, except those in `moderation/` and `rules/`. Each language has its own file of texts. A page
 * can replace single texts with the property `strings`.
 */
export interface Strings {
  title: string;
  feed: string;
  compose: string;
  placeholder: string;
  send: string;
  signIn: string;
  /** `{name}` stands for the person's name. */
  signedInAs: string;
  signOut: string;
  /** Shown if a person must sign in to read, and not only to write. */
  membersOnly: string;
  /** Shown to a person who is signed in, if they may not read the room or the room does not exist. */
  forbidden: string;
  pause: string;
  resume: string;
  older: string;
  loading: string;
  empty: string;
  emptyHint: string;
  /** Heading above messages that were seen at the last visit. */
  seen: string;
  showMore: string;
  showLess: string;
  you: string;
  deleted: string;
  /** Shown beside the name of somebody who writes as a moderator. */
  moderator: string;
  /** Shown in place of a message that a moderator removed. */
  removed: string;
  delete: string;
  confirmDelete: string;
  report: string;
  sending: string;
  sent: string;
  failed: string;
  retry: string;
  discard: string;
  newMessages: Plural;
  charactersLeft: Plural;
  charactersOver: Plural;
  waitSeconds: Plural;
  connecting: string;
  live: string;
  catchingUp: string;
  offline: string;
  signedOut: string;
  retryNow: string;
  closed: string;
  paused: string;
  /** Shown while the box is disconnected because nobody looked at the page. It connects again once the page is used. */
  resting: string;
  /** Says how many people are in the room. */
  here: Plural;
  popupBlocked: string;
  popupClosed: string;
  /**
   * Shown if the sign-in window looks closed. The window may still be open: a page of the issuer can cut the link
   * between the window and this page (Cross-Origin-Opener-Policy).
   */
  popupWaiting: string;
  /** Shown instead of `popupWaiting` if the box is inside a frame. A link to the page inside the frame follows. */
  framed: string;
  /** Text of the link that opens the page inside the frame in a new tab. */
  ownPage: string;
  /** Shown if a sign-in returned to this page, and no page waits for it. */
  undelivered: string;
  /** Shown if the session ended without a sign-out, because its token expired and was not renewed. */
  ended: string;
  /** Shown if Enter was pressed before the page's `getToken` gave a token. */
  waitsForPerson: string;
  /** Shown if the server refuses the token of the session. */
  refused: string;
  error: string;
}
