/**
 * Key in `localStorage` of a JSON array with everything that the person has consented to. An entry is an origin or the
 * full address of a page. Pages of the origin may sign the person in through a window. The page at the address may
 * receive a sign-in by redirect. An address always has a path, if only `/`, and an origin has none, so neither can be
 * taken for the other.
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
