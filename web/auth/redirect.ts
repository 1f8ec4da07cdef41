/** What a page keeps while it is away at the issuer itself: in this tab, for this origin, ten minutes. */
interface Redirect {
  server: string;
  verifier: string;
  challenge: string;
  /** The page's own fragment, for when it is back. */
  hash: string;
}

const STORED = 'shout-box:redirect';
const MAX_AGE_MS = 10 * 60_000;

/** @throws where the page has no storage */
export function keepRedirect(redirect: Redirect): void {
  sessionStorage.setItem(STORED, JSON.stringify({ ...redirect, at: Date.now() }));
}

/** What was kept for the question with this challenge. */
export function redirectOf(challenge: string | null): Redirect | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as Redirect & { at: number };
    const fresh = Date.now() - kept.at < MAX_AGE_MS;
    return fresh && kept.challenge === challenge ? kept : undefined;
  } catch {
    // No storage, or not ours.
    return undefined;
  }
}

export function forgetRedirect(): void {
  sessionStorage.removeItem(STORED);
}
