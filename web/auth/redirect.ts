/** State that a page keeps in `sessionStorage` while its tab is at the issuer, for ten minutes. */
interface Redirect {
  server: string;
  verifier: string;
  challenge: string;
  /** The page's own fragment, restored on return. */
  hash: string;
}

const STORED = 'shout-box:redirect';
const MAX_AGE_MS = 10 * 60_000;

/** @throws if the page has no storage */
export function keepRedirect(redirect: Redirect): void {
  sessionStorage.setItem(STORED, JSON.stringify({ ...redirect, at: Date.now() }));
}

/** Returns the kept state of the sign-in with this challenge; undefined if there is none. */
export function redirectOf(challenge: string | null): Redirect | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as Redirect & { at: number };
    const fresh = Date.now() - kept.at < MAX_AGE_MS;
    return fresh && kept.challenge === challenge ? kept : undefined;
  } catch {
    // There is no storage, or the item is not ours.
    return undefined;
  }
}

export function forgetRedirect(): void {
  sessionStorage.removeItem(STORED);
}
