/**
 * Start of the fragment in which a page gets the issuer's answer: the query of the redirect to `callback.html` without
 * `state`, but with the `nonce` and PKCE `challenge` of the request. The answer has an authorization code, and browsers
 * send a fragment to no server and in no referrer.
 */
const FRAGMENT = '#shout-box=';

/** Returns the address of `page` with the answer in its fragment. */
export function addressed(page: string, params: URLSearchParams): string {
  return `${page.replace(/#.*/s, '')}${FRAGMENT}${encodeURIComponent(String(params))}`;
}

/** Returns the answer in an address's fragment; undefined if there is none, or if it cannot be decoded. */
export function answerIn(fragment: string): URLSearchParams | undefined {
  if (!fragment.startsWith(FRAGMENT)) return undefined;
  try {
    return new URLSearchParams(decodeURIComponent(fragment.slice(FRAGMENT.length)));
  } catch {
    return undefined;
  }
}
