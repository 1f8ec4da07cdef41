export type Piece = string | { text: string; href: string };

/** Schemes spelled out, so that `javascript:` and `data:` never even match; runs until a space, quote or angle bracket. */
const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`\u2018-\u201d\p{Cf}]+/giu;
const TRAILING = /[.,!?;:*_~…。、]+$/u;

/** Splits a message into text and links. The result is data: who renders it decides on elements, never on HTML. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(CANDIDATE)) {
    const link = trimmed(match);
    const href = safeHref(link);
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

/** A link with a user name in it (`https://bank.example@evil.example`) only ever serves to deceive. */
function safeHref(link: string): string | undefined {
  const url = URL.parse(link);
  const web = url?.protocol === 'https:' || url?.protocol === 'http:';
  return url && web && !url.username && !url.password ? url.href : undefined;
}
