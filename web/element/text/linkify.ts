export type Piece = string | { text: string; href: string };

/**
 * A character of a link beyond ASCII. A link ends at a space, a bracket, a quote or the end of a sentence:
 * `（https://example.com/a）、次`.
 */
const LETTER = String.raw`[^\0-\x7f\s…｜\p{Cf}\p{QMark}\p{Term}\p{Ps}\p{Pe}]`;

/**
 * A web address. Its schemes are spelled out, so that `javascript:` and `data:` never even match. Hiragana right after
 * an ASCII letter or digit of a path belongs to the sentence, because Japanese has no spaces:
 * `https://example.com/aを見て`.
 */
const WEB = String.raw`(?:\bhttps?:\/\/|(?<![\w.:/\\@-])www\.)(?:[\w.:@-]|${LETTER})+(?:[/?#](?:[!#-&(-;=?-_a-~]|'(?=\w)|(?!(?<=[a-z\d])\p{sc=Hira})${LETTER})*)?`;

/**
 * A mail address in plain ASCII, without anything that could add to the mail. No character that an address can contain
 * may stand right before or after it, because a part of an address is somebody else's: `jörg@example.de`,
 * `o'brien@example.com`.
 */
const MAIL = String.raw`(?<![^\s\p{P}\p{Cf}<>]|[-.!#%&'’*/?@{}_])(?<mail>\w[\w.+-]{0,63}@(?:[a-z\d-]+\.)+(?:xn--[a-z\d-]+|[a-z]{2,})(?![\p{sc=Latn}\p{M}\d@_-]|\.[\p{L}\d]))`;

const CANDIDATE = new RegExp(`${WEB}|${MAIL}`, 'giu');

/**
 * An ASCII top-level domain with another script right after it. No domain mixes the two, so the link ends between them.
 */
const AFTER_DOMAIN = /^([^/?#]*(?:\/\/[^/?#]*)?\.[a-z]{2,})(?:_|[^\0-\x7f\p{sc=Latn}\p{M}])[^./?#]*(?:[/?#].*)?$/iu;

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

/**
 * Cuts off what follows a link. In "(see https://example.org/a_(b))." it keeps the brackets that belong to the link,
 * and cuts at the bracket around it.
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
  // Matches greedily from the start, because `\p{Term}+$` would take quadratic time.
  return /^.*[^\p{Term}([{]/u.exec(link.slice(0, end))?.[0] ?? '';
}

function safeHref(link: string): string | undefined {
  const url = URL.parse(/^www\./i.test(link) ? `https://${link}` : link);
  // A link with a user name (`https://bank.example@evil.example`) only serves to deceive.
  return url && !url.username && !url.password ? url.href : undefined;
}
