/** Messages between the asking page and the pages of the widget's host, by `postMessage`. */
export type Message =
  /** `sign-in.html` asks its opener which page is signing in. */
  | { type: 'shout-box:ask' }
  /** The asking page's reply. Its origin is taken from the message event, so it cannot be forged. */
  | ({ type: 'shout-box:asker' } & Question)
  /** `sign-in.html` is about to go to the issuer, which may cut it off from its opener. */
  | { type: 'shout-box:leaving' }
  /** The answer, from `callback.html`, or over a BroadcastChannel from a page that it redirected to. */
  | { type: 'shout-box:answer'; params: string }
  /** The asking page has the answer. */
  | { type: 'shout-box:received'; challenge: string };

export interface Question {
  /** Address of the asking page, without its fragment. */
  page: string;
  /** The PKCE challenge (RFC 7636). It also identifies the sign-in. */
  challenge: string;
}

/** Channel on which a page that lost its opener passes the answer to another page of its origin. */
export const CHANNEL = 'shout-box:sign-in';

/** Returns the message if it is one of these; undefined otherwise. */
export function read(data: unknown): Message | undefined {
  const { type } = (data ?? {}) as { type?: unknown };
  return typeof type === 'string' && type.startsWith('shout-box:') ? (data as Message) : undefined;
}
