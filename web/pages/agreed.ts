/**
 * Key of the person's consents: origins that may sign them in from a window, and full addresses of pages that may
 * receive a sign-in by redirect. An address has a path and an origin has none, so the two cannot be confused.
 */
const STORED = 'shout-box:agreed';

export function agreed(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}

export function agree(whom: string): void {
  store([...agreed().filter((entry) => entry !== whom), whom]);
}

export function withdraw(whom: string): void {
  store(agreed().filter((entry) => entry !== whom));
}

function store(list: readonly string[]): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(list));
  } catch {
    // Without storage, the person is asked again next time.
  }
}
