/**
 * Marks a fragment that holds the issuer's answer: the query of the call-back without its `state`, but with the `nonce`
 * and the `challenge` of the request. The answer travels by `postMessage` or in a page's fragment, which browsers send
 * to no server and in no referrer. The verifier stays with the asking page, so no other page can redeem the code.
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
