import { ShoutError } from '../../domain/errors.ts';
import type { Identity } from '../../domain/ports/token-verifier.ts';
import { graphemesOf } from '../../domain/text/graphemes.ts';
import { actorId } from './actor.ts';

type Claims = Readonly<Record<string, unknown>>;

const MAX_NAME_GRAPHEMES = 64;
const MAX_NAME_UNITS = 128;
const MAX_PICTURE = 1_024;
/** A year: whoever signs a token for longer has made a mistake worth refusing. ms */
const MAX_LIFETIME_MS = 366 * 86_400_000;

/**
 * Who a token speaks of, from claims whose signature, `iss` and `aud` are verified. What jose leaves open is closed here.
 * @param now ms since 1970
 * @param tolerance clock tolerance, seconds
 * @throws ShoutError `unauthenticated`
 */
export function identify(claims: Claims, nameClaim: string, now: number, tolerance: number): Identity {
  const { iss, sub, exp, iat } = claims;
  // RFC 9068, section 2.2: exp and sub are required. JSON can say 1e400, which is Infinity, and jose lets it pass.
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw refuse('The token has no finite `exp`.');
  if (exp * 1_000 - now > MAX_LIFETIME_MS) throw refuse('The token is valid for over a year.');
  if (iat !== undefined && (typeof iat !== 'number' || !(iat <= now / 1_000 + tolerance))) {
    throw refuse('The token was issued in the future.');
  }
  // RFC 7519, section 4.1.2 and OpenID Connect Core, section 2: a string of at most 255 characters.
  if (typeof sub !== 'string' || sub.length < 1 || sub.length > 255 || /[^\x20-\x7e]/.test(sub)) {
    throw refuse('The token has no usable `sub`.');
  }
  const id = actorId(iss as string, sub);
  const picture = pictureOf(claims.picture);
  return {
    actor: { id, name: nameOf(claims[nameClaim]) ?? `guest-${id.slice(0, 4)}`, ...(picture ? { picture } : {}) },
    // A NumericDate may have a fraction (RFC 7519, section 2).
    expiresAt: Math.floor(exp * 1_000),
  };
}

function refuse(message: string): ShoutError {
  return new ShoutError('unauthenticated', message);
}

/** One visible line of bounded length: no control, no line break, no bidi override reaches a page or a log. */
function nameOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined;
  const line = claim
    .slice(0, 1_024)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/\p{White_Space}+/gu, ' ')
    .trim();
  // A grapheme is one UTF-16 unit or more: an ordinary name needs no cutting, and no segmenter, which is slow to load.
  const name = line.length <= MAX_NAME_GRAPHEMES ? line : cut(line);
  return /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u.test(name) ? name : undefined;
}

function cut(line: string): string {
  let name = '';
  let count = 0;
  for (const { segment } of graphemesOf(line)) {
    if (++count > MAX_NAME_GRAPHEMES || name.length + segment.length > MAX_NAME_UNITS) break;
    name += segment;
  }
  return name;
}

function pictureOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string' || claim.length > MAX_PICTURE || !URL.canParse(claim)) return undefined;
  const { protocol, username, href } = new URL(claim);
  return protocol === 'https:' && username === '' && href.length <= MAX_PICTURE ? href : undefined;
}
