/**
 * Key in `localStorage` of a JSON array with everything that the person has consented to. An entry without a path, like
 * `https://site.example`, is an origin: its pages may sign the person in through a window. An entry with a path, like
 * `https://site.example/`, is the address of a page: that page may receive a sign-in by redirect.
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
