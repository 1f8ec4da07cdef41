export type Piece = string | { text: string; href: string };

/**
 * Matches a character beyond ASCII that can be part of a link. Spaces, brackets, quotation marks, invisible format
 * characters and punctuation that ends or separates phrases can't, so a link ends at them:
 * `（https://example.com/a）、次`.
 */
const LETTER = String.raw`[^\0-\x7f\s…｜\p{Cf}\p{QMark}\p{Term}\p{Ps}\p{Pe}]`;

/**
 * Matches a web address. Spells out the schemes, so that `javascript:` and `data:` never match. Hiragana right after an
 * ASCII letter or digit of a path, query or fragment is not part of the link but of the sentence, because Japanese puts
 * no spaces between words: `https://example.com/aを見て`.
 */
const WEB = String.raw`(?:\bhttps?:\/\/|(?<![\w.:/\\@-])www\.)(?:[\w.:@-]|${LETTER})+(?:[/?#](?:[!#-&(-;=?-_a-~]|'(?=\w)|(?!(?<=[a-z\d])\p{sc=Hira})${LETTER})*)?`;

/**
 * Matches a mail address in plain ASCII, without parameters such as `?subject=`. Right before and after the match,
 * there must be no character that could belong to the address, because a part of an address may be somebody else's
 * address: `jörg@example.de`, `o'brien@example.com`.
 */
const MAIL = String.raw`(?<![^\s\p{P}\p{Cf}<>]|[-.!#%&'’*/?@{}_])(?<mail>\w[\w.+-]{0,63}@(?:[a-z\d-]+\.)+(?:xn--[a-z\d-]+|[a-z]{2,})(?![\p{sc=Latn}\p{M}\d@_-]|\.[\p{L}\d]))`;

const CANDIDATE = new RegExp(`${WEB}|${MAIL}`, 'giu');

/**
 * Matches a link in which an ASCII top-level domain is followed by `_` or by a character beyond ASCII that is neither
 * Latin nor a combining mark. Such a character cannot be part of that domain, so the link ends before it.
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
 * Cuts off the text after a link. In "(see https://example.org/a_(b))." the brackets around `b` belong to the link,
 * which ends before the last bracket.
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
