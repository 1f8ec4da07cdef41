/**
 * The issuer's answer: the query of the call-back without `state`, and with the `nonce` and the `challenge` of the
 * question. It travels by `postMessage` or in a page's fragment, which is sent to no server and in no referrer. The
 * verifier stays with the asking page, so no other page can redeem the code.
 */
const FRAGMENT = '#shout-box=';

/** The address of `page` with the answer in its fragment. */
export function addressed(page: string, params: URLSearchParams): string {
  return `${page.replace(/#.*/s, '')}${FRAGMENT}${encodeURIComponent(String(params))}`;
}

/** The answer in an address's fragment, if there is one. */
export function answerIn(fragment: string): URLSearchParams | undefined {
  if (!fragment.startsWith(FRAGMENT)) return undefined;
  try {
    return new URLSearchParams(decodeURIComponent(fragment.slice(FRAGMENT.length)));
  } catch {
    return undefined;
  }
}
