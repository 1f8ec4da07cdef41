/** What the asking page and the pages of the widget's host say to each other by `postMessage`. */
export type Message =
  /** `sign-in.html` to its opener: who asks? */
  | { type: 'shout-box:ask' }
  /** The asking page. Its origin is the message's, so that it can name no other. */
  | ({ type: 'shout-box:asker' } & Question)
  /** `sign-in.html` is about to go to the issuer, which may cut it off from its opener. */
  | { type: 'shout-box:leaving' }
  /** `callback.html`, or over a BroadcastChannel a page that it went to. */
  | { type: 'shout-box:answer'; params: string }
  /** The asking page has the answer. */
  | { type: 'shout-box:received'; challenge: string };

export interface Question {
  /** Address of the asking page, without its fragment. */
  page: string;
  /** The PKCE challenge (RFC 7636), which also tells one question from another. */
  challenge: string;
}

/** Where a page that lost its opener hands the answer to another page of its origin. */
export const CHANNEL = 'shout-box:sign-in';

/** Reads a message of ours; undefined for anything else. */
export function read(data: unknown): Message | undefined {
  const { type } = (data ?? {}) as { type?: unknown };
  return typeof type === 'string' && type.startsWith('shout-box:') ? (data as Message) : undefined;
}
