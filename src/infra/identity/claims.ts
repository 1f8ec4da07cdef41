import { ShoutError } from '../../domain/errors.ts';
import type { Identity } from '../../domain/ports/token-verifier.ts';
import { pseudonym } from '../../domain/text/anonymous.ts';
import { displayName } from '../../domain/text/names.ts';
import { actorId } from './actor.ts';
import { rolesIn } from './roles.ts';

type Claims = Readonly<Record<string, unknown>>;

/** An operator's settings for the claims of an issuer. */
export interface Settings {
  nameClaim: string;
  roleClaim: string;
  moderators: readonly string[];
  pictureOrigins: readonly string[];
  /** Roles other than `moderator` that the setting ROOMS names. */
  roomRoles: readonly string[];
}

const MAX_PICTURE = 1_024;
/** A year, ms. A token that is valid for longer is refused, because such a lifetime must be a mistake. */
const MAX_LIFETIME_MS = 366 * 86_400_000;

/**
 * Returns the identity in a token's claims. The caller has verified the signature, `iss` and `aud`. This function adds
 * the checks that jose leaves out.
 * @param now ms since 1970
 * @param tolerance clock tolerance, seconds
 * @throws ShoutError `unauthenticated`
 */
export function identify(claims: Claims, settings: Settings, now: number, tolerance: number): Identity {
  const { iss, sub, exp, iat } = claims;
  // `exp` is required (RFC 9068, section 2.2). In JSON it can be 1e400, which is read as Infinity. jose accepts that.
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw refuse('The token has no finite `exp`.');
  if (exp * 1_000 - now > MAX_LIFETIME_MS) throw refuse('The token is valid for over a year.');
  if (iat !== undefined && (typeof iat !== 'number' || !(iat <= now / 1_000 + tolerance))) {
    throw refuse('The token was issued in the future.');
  }
  // `sub` is a string of at most 255 ASCII characters (RFC 7519, section 4.1.2; OpenID Connect Core, section 2).
  if (typeof sub !== 'string' || sub.length < 1 || sub.length > 255 || /[^\x20-\x7e]/.test(sub)) {
    throw refuse('The token has no usable `sub`.');
  }
  const id = actorId(iss as string, sub);
  const picture = pictureOf(claims.picture, settings.pictureOrigins);
  const roles = rolesIn(claims, settings.roleClaim);
  const forRooms = settings.roomRoles.filter((role) => roles.includes(role));
  return {
    actor: {
      id,
      name: displayName(claims[settings.nameClaim]) ?? pseudonym(id),
      ...(picture ? { picture } : {}),
      ...(settings.moderators.some((role) => roles.includes(role)) ? { role: 'moderator' } : {}),
    },
    ...(forRooms.length > 0 ? { roles: forRooms } : {}),
    // A NumericDate may have a fraction (RFC 7519, section 2).
    expiresAt: Math.floor(exp * 1_000),
  };
}

function refuse(message: string): ShoutError {
  return new ShoutError('unauthenticated', message);
}

/**
 * Returns the picture's URL. Returns undefined if the claim is not a URL, is too long, has a user name or password, or
 * has an origin that is not allowed. Not every origin is allowed, because every reader's browser sends a request to the
 * picture's origin.
 */
function pictureOf(claim: unknown, origins: readonly string[]): string | undefined {
  if (typeof claim !== 'string' || claim.length > MAX_PICTURE || !URL.canParse(claim)) return undefined;
  const { origin, username, password, href } = new URL(claim);
  const allowed = origins.includes(origin) && username === '' && password === '' && href.length <= MAX_PICTURE;
  return allowed ? href : undefined;
}
