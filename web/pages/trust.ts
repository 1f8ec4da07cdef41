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
 * Returns whether the asking page may sign people in at all. It may if its origin is that of this sign-in page, or is
 * allowed by `origins`. If the asking page is not the opener, it also may if `returnPages` has its address. No other
 * page gets an authorization code, not even with the person's consent, because the asking page has the PKCE verifier
 * and could redeem the code from anywhere.
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
 * If the asking page is the opener, the browser tells its origin. This origin needs no consent if it is that of this
 * page, or if `origins` has it literally. A match with a pattern is not enough.
 *
 * Without an opener, nothing proves which page asks, and the issuer's answer goes to the address `page`. Only the
 * addresses in `returnPages` need no consent, and `embed.html` beside this page, which never redirects. An allowed
 * origin is not enough, because an open redirect on that origin could pass the answer on to another page.
 *
 * @param own address of this page
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
