import { allowsOrigin } from '../../src/domain/admission/origins.ts';
import type { Asker } from './asker.ts';

interface Lists {
  /** Origins that the operator allows to embed the box; see `allowsOrigin` for the patterns. */
  origins: readonly string[];
  /** Exact addresses to which the operator allows a sign-in to redirect. */
  returnPages: readonly string[];
  /** Origins and exact addresses that the person has agreed to. */
  agreed: readonly string[];
}

/**
 * Returns whether the asking page may sign people in at all. Its origin must be that of this sign-in page or allowed by
 * `origins`. Without an opener, an address in `returnPages` is enough. Any other page is refused even if the person
 * would consent, because the asking page has the PKCE verifier and could redeem the authorization code.
 */
export function isAllowed(
  { origin, page }: Pick<Asker, 'origin' | 'page'>,
  own: string,
  { origins, returnPages }: Pick<Lists, 'origins' | 'returnPages'>,
): boolean {
  const from = origin ?? new URL(page).origin;
  return from === new URL(own).origin || allowsOrigin(origins, from) || (!origin && returnPages.includes(page));
}

/**
 * Returns the origin or address that the person must consent to before they go to the issuer; undefined if no consent
 * is needed. Consent is asked once for each origin or address.
 *
 * With an opener, the browser tells the asking page's origin. It needs no consent if it is the origin of this sign-in
 * page, or if `origins` lists it literally. A match with a pattern is not enough.
 *
 * Without an opener, nothing proves which page asks, and the issuer's answer goes to the address `page`. An allowed
 * origin is not enough: an open redirect on that origin could pass the answer on to another page. So only two kinds of
 * address need no consent: those in `returnPages`, and `embed.html` beside this sign-in page, which never redirects.
 *
 * @param own address of this sign-in page
 */
export function unlisted(
  { origin, page }: Pick<Asker, 'origin' | 'page'>,
  own: string,
  lists: Lists,
): string | undefined {
  const whom = origin ?? page;
  const listed = origin
    ? origin === new URL(own).origin || lists.origins.includes(origin)
    : page.replace(/\?.*/s, '') === new URL('embed.html', own).href || lists.returnPages.includes(page);
  return listed || lists.agreed.includes(whom) ? undefined : whom;
}
