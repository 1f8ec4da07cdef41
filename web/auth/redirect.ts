/** State of a sign-in by redirect, kept in `sessionStorage` while the page's tab is at the issuer. */
interface Redirect {
  server: string;
  verifier: string;
  challenge: string;
  /** The page's own fragment, restored on return. */
  hash: string;
}

const STORED = 'shout-box:redirect';
const MAX_AGE_MS = 10 * 60_000;

/** @throws if storage is blocked or full */
export function keepRedirect(redirect: Redirect): void {
  sessionStorage.setItem(STORED, JSON.stringify({ ...redirect, at: Date.now() }));
}

/** Returns the kept state of the sign-in with this PKCE challenge; undefined if there is none, or after ten minutes. */
export function redirectOf(challenge: string | null): Redirect | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as Redirect & { at: number };
    const fresh = Date.now() - kept.at < MAX_AGE_MS;
    return fresh && kept.challenge === challenge ? kept : undefined;
  } catch {
    // Storage is blocked, or other code has stored something that is not JSON under this key.
    return undefined;
  }
}

export function forgetRedirect(): void {
  sessionStorage.removeItem(STORED);
}
