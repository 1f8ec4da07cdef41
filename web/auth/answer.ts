/**
 * Start of a fragment that holds the issuer's answer. The answer is the query of the redirect to `callback.html`,
 * without `state`, plus the `nonce` and the PKCE `challenge` of the authorization request. It is in the fragment,
 * because browsers send a fragment to no server and in no referrer. Even a page of another origin that gets the answer
 * could not redeem its code, because only the origin that started the sign-in has the PKCE verifier.
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
