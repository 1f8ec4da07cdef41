/**
 * Begins a fragment that holds the issuer's answer. The answer is the query of the redirect to `callback.html`, without
 * `state`, plus the request's `nonce` and `challenge`. Browsers send a fragment to no server and in no referrer. The
 * PKCE verifier stays with the asking page, so no other page can redeem the code.
 */
const FRAGMENT = '#shout-box=';

/** Returns the address of `page` with the answer in its fragment. */
export function addressed(page: string, params: URLSearchParams): string {
  return `${page.replace(/#.*/s, '')}${FRAGMENT}${encodeURIComponent(String(params))}`;
}

/** Returns the answer in an address's fragment; undefined if there is none. */
export function answerIn(fragment: string): URLSearchParams | undefined {
  if (!fragment.startsWith(FRAGMENT)) return undefined;
  try {
    return new URLSearchParams(decodeURIComponent(fragment.slice(FRAGMENT.length)));
  } catch {
    return undefined;
  }
}
