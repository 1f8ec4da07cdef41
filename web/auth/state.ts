import { fromBase64url, toBase64url } from '../client/base64url.ts';

/** How the answer of the issuer gets back to the page that asked. */
export type Way =
  /** A window was opened for it, which closes afterwards. */
  | 'popup'
  /** The page itself went to the issuer and comes back. */
  | 'redirect';

interface ReturnAddress {
  way: Way;
  /** The page that asked, without its fragment. */
  page: URL;
}

/**
 * A `state` (RFC 6749, section 10.12) that also tells the call-back page where the answer belongs: the page that embeds
 * the widget is rarely of the origin that hosts it. Not signed, because it protects nothing: the asking page compares
 * the whole of it with its own copy, and the call-back page decides by itself which origins it trusts.
 */
export function newState(way: Way, page: string, random: string): string {
  return `${random}.${way}.${toBase64url(new TextEncoder().encode(page.replace(/#.*/s, '')))}`;
}

/** Undefined for anything that was not made by {@link newState} for a page of the web. */
export function readState(state: string | null): ReturnAddress | undefined {
  const [, way, address] = /^[\w-]+\.(popup|redirect)\.([\w-]+)$/.exec(state ?? '') ?? [];
  if (!address) return undefined;
  try {
    const page = new URL(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(address)));
    return /^https?:$/.test(page.protocol) ? { way: way as Way, page } : undefined;
  } catch {
    return undefined;
  }
}
