export type Piece = string | { text: string; href: string };

/**
 * Matches a character beyond ASCII that can be part of a link. Spaces, brackets, quotation marks, invisible format
 * characters and punctuation that ends or separates phrases can't, so a link ends at them:
 * `（https://example.com/a）、次`.
 */
const LETTER = String.raw`[^\0-\x7f\s…｜\p{Cf}\p{QMark}\p{Term}\p{Ps}\p{Pe}]`;

/**
 * Matches a web address. Spells out the schemes, so that `javascript:` and `data:` never match. In a path, query or
 * fragment, the link ends before Hiragana that follows an ASCII letter or digit, as in `https://example.com/aを見て`.
 * Japanese puts no spaces between words, so the Hiragana belongs to the sentence.
 */
const WEB = String.raw`(?:\bhttps?:\/\/|(?<![\w.:/\\@-])www\.)(?:[\w.:@-]|${LETTER})+(?:[/?#](?:[!#-&(-;=?-_a-~]|'(?=\w)|(?!(?<=[a-z\d])\p{sc=Hira})${LETTER})*)?`;

/**
 * Matches a mail address in plain ASCII, without parameters such as `?subject=`. Does not match a part of an address,
 * such as `rg@example.de` in `jörg@example.de`, because that may be somebody else's address.
 */
const MAIL = String.raw`(?<![^\s\p{P}\p{Cf}<>]|[-.!#%&'’*/?@{}_])(?<mail>\w[\w.+-]{0,63}@(?:[a-z\d-]+\.)+(?:xn--[a-z\d-]+|[a-z]{2,})(?![\p{sc=Latn}\p{M}\d@_-]|\.[\p{L}\d]))`;

const CANDIDATE = new RegExp(`${WEB}|${MAIL}`, 'giu');

/**
 * Matches a link that runs into the text behind it, such as `https://example.comを見て`. The first group is the link
 * alone. It ends before a character that cannot be part of an ASCII top-level domain: `_`, or one beyond ASCII that is
 * neither Latin nor a combining mark.
 */
const AFTER_DOMAIN = /^([^/?#]*(?:\/\/[^/?#]*)?\.[a-z]{2,})(?:_|[^\0-\x7f\p{sc=Latn}\p{M}])[^./?#]*(?:[/?#].*)?$/iu;

/** Splits a message into text and links. Returns them as data, which the view renders as nodes and never as HTML. */
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

/**
 * Cuts off what does not belong to the link: of `https://example.org/a_(b)).` the link `https://example.org/a_(b)` is
 * left.
 */
function trimmed(candidate: string): string {
  const link = candidate.replace(AFTER_DOMAIN, '$1');
  let depth = 0;
  let end = 0;
  for (const char of link) {
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char) && --depth < 0) break;
    end += char.length;
  }
  // Cuts off punctuation and open brackets at the end. Does so with a greedy match from the start, because a search for
  // `\p{Term}+$` could take quadratic time.
  return /^.*[^\p{Term}([{]/u.exec(link.slice(0, end))?.[0] ?? '';
}

function safeHref(link: string): string | undefined {
  const url = URL.parse(/^www\./i.test(link) ? `https://${link}` : link);
  // Makes no link with a user name, because `https://bank.example@evil.example` looks like a link to the bank.
  return url && !url.username && !url.password ? url.href : undefined;
}
