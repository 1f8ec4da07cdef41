/** A sign-in that went from this tab to the issuer. */
export interface Pending {
  state: string;
  nonce: string;
  challenge: string;
  /** Address of the page that asked for the sign-in, without its fragment. */
  page: string;
  /** Origin of the page that asked, if that page is this window's opener. */
  origin?: string | undefined;
}

const STORED = 'shout-box:pending';
const MAX_AGE_MS = 10 * 60_000;

/** Stores a sign-in in this tab, where `callback.html` takes it. */
export function keep(pending: Pending): void {
  sessionStorage.setItem(STORED, JSON.stringify({ ...pending, at: Date.now() }));
}

/**
 * Returns the sign-in that this tab began with this `state`. Returns undefined if there is none, if it was already
 * taken, or if it is ten minutes old or older.
 *
 * The check of `state` stops an attacker who sends a person to the issuer with this client's id and the attacker's own
 * PKCE challenge, to use the code that comes back. This tab never stored the `state` of that request, so the code is
 * dropped.
 */
export function take(state: string | null): Pending | undefined {
  try {
    const { at, ...pending } = JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as Pending & { at: number };
    if (!state || pending.state !== state) return undefined;
    sessionStorage.removeItem(STORED);
    return Date.now() - at < MAX_AGE_MS ? pending : undefined;
  } catch {
    return undefined;
  }
}
