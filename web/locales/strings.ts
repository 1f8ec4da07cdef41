/** A text with one form per plural category of its language (Intl.PluralRules); `{n}` stands for the number. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** All texts of the widget. Each language is a file of them, and a page can replace single texts by `strings`. */
export interface Strings {
  title: string;
  feed: string;
  compose: string;
  placeholder: string;
  send: string;
  signIn: string;
  /** `{name}` stands for the person. */
  signedInAs: string;
  signOut: string;
  /** Shown if reading needs a sign-in too. */
  membersOnly: string;
  /** Shown if the room is not for this person. */
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
  /** Beside the name of somebody who writes as a moderator. */
  moderator: string;
  /** In place of a message that a moderator removed. */
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
  /** Disconnected until somebody uses the page. */
  resting: string;
  /** How many are in the room. */
  here: Plural;
  popupBlocked: string;
  popupClosed: string;
  /** The window was closed, or severed from this page by the issuer. */
  popupWaiting: string;
  /** Like `popupWaiting`, inside a frame. A link to the page itself follows. */
  framed: string;
  /** Text of the link to the page itself. */
  ownPage: string;
  /** A sign-in returned to this page, and no page waits for it. */
  undelivered: string;
  /** The issuer ended the session. */
  ended: string;
  /** Enter was pressed before the page's own session had a person. */
  waitsForPerson: string;
  /** The server refuses the token of the session. */
  refused: string;
  error: string;
}
