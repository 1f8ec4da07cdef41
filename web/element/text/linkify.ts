export type Piece = string | { text: string; href: string };

/**
 * Schemes spelled out, so that `javascript:` and `data:` never even match. A web address runs until a space, quote or angle
 * bracket; a mail address is plain ASCII without anything that could add to the mail.
 */
const CANDIDATE =
  /\b(?:https?:\/\/|www\.)[^\s<>"'`\u2018-\u201d\p{Cf}]+|(?<![\w.+%-])(?<mail>[\w.+-]{1,64}@(?:[a-z\d-]+\.)+[a-z]{2,})\b/giu;
const TRAILING = /[.,!?;:*_~…。、]+$/u;

/** Splits a message into text and links. Returns data, which is rendered as nodes and never as HTML. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: match, index, groups } of text.matchAll(CANDIDATE)) {
    const link = groups?.mail ?? trimmed(match);
    const href = groups?.mail ? `mailto:${link}` : safeHref(link);
    if (!href) continue;
    if (index > end) pieces.push(text.slice(end, index));
    pieces.push({ text: link, href });
    end = index + link.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

/** "(see https://example.org/a_(b))." keeps the bracket that belongs to the link and drops the one around it. */
function trimmed(candidate: string): string {
  let link = candidate;
  for (;;) {
    const before = link;
    link = link.replace(TRAILING, '');
    if (/[)\]}]$/.test(link) && !balanced(link)) link = link.slice(0, -1);
    if (link === before) return link;
  }
}

function balanced(link: string): boolean {
  const close = link.at(-1)!;
  const open = { ')': '(', ']': '[', '}': '{' }[close]!;
  return link.split(open).length >= link.split(close).length;
}

function safeHref(link: string): string | undefined {
  const url = URL.parse(/^www\./i.test(link) ? `https://${link}` : link);
  const web = url?.protocol === 'https:' || url?.protocol === 'http:';
  // A link with a user name (`https://bank.example@evil.example`) only serves to deceive.
  return url && web && !url.username && !url.password && url.hostname !== 'www.' ? url.href : undefined;
}
