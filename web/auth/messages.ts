/**
 * Messages of a sign-in. The asking page, which has the box, exchanges messages with the pages of the widget's host by
 * `postMessage`, and with pages of its own origin over a BroadcastChannel.
 */
export type Message =
  /** `sign-in.html` asks its opener which page is signing in. */
  | { type: 'shout-box:ask' }
  /** The asking page's reply. `sign-in.html` takes the page's origin from `event.origin`, which cannot be forged. */
  | ({ type: 'shout-box:asker' } & Question)
  /** `sign-in.html` is about to go to the issuer, whose pages may sever the window from its opener. */
  | { type: 'shout-box:leaving' }
  /**
   * The issuer's answer. `callback.html` posts it to its opener. If the window has lost its opener, `callback.html`
   * redirects to the asking page's address, and the page that loads there sends the answer over a BroadcastChannel.
   */
  | { type: 'shout-box:answer'; params: string }
  /** The asking page has received the answer. */
  | { type: 'shout-box:received'; challenge: string };

export interface Question {
  /** Address of the asking page, without its fragment. */
  page: string;
  /** The PKCE challenge (RFC 7636). It also identifies the sign-in. */
  challenge: string;
}

/** Channel on which a page that lost its opener passes the issuer's answer to the asking page. */
export const CHANNEL = 'shout-box:sign-in';

/** Returns `data` as a message if its `type` begins with `shout-box:`; undefined otherwise. Checks no other field. */
export function read(data: unknown): Message | undefined {
  const { type } = (data ?? {}) as { type?: unknown };
  return typeof type === 'string' && type.startsWith('shout-box:') ? (data as Message) : undefined;
}
