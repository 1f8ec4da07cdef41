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
 * Whom the person has to agree to before they go to the issuer: undefined for nobody.
 *
 * A window's opener has proved its origin, so it is asked for by that. Whoever came without an opener has proved nothing,
 * and the answer goes wherever `page` leads: an open redirect on a listed origin would lead it on. So only a listed
 * address will do, and `embed.html` beside this page, which redirects nowhere.
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
