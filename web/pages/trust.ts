import { allowsOrigin } from '../../src/domain/admission/origins.ts';
import type { Asker } from './asker.ts';

interface Lists {
  /** Origins that the operator lets embed the box. */
  origins: readonly string[];
  /** Exact addresses that the operator lets receive a sign-in as a redirect. */
  returnPages: readonly string[];
  /** What the person has agreed to. */
  agreed: readonly string[];
}

/**
 * Whether a page may sign people in at all: its origin may connect, or the operator has listed its address. No other
 * page gets a code, not even with the person's consent, because whoever reads a code there can redeem it from anywhere.
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
 * Returns the origin or address that the person must consent to before they go to the issuer; undefined if none.
 *
 * The browser tells the origin of a window's opener, so the origin decides. Without an opener nothing is proved, and
 * the answer goes to the address `page`, from where an open redirect on a listed origin could pass it on. So only two
 * kinds of address need no consent: listed addresses, and `embed.html` beside this page, which never redirects.
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
