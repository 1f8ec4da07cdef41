/**
 * Which pages may receive an answer.
 *
 * Not every page that asks. Anyone can send a person to the issuer with this client's id and a PKCE challenge of their
 * own; handing the resulting code to whatever origin `state` names would sign that person in at a stranger's. So an
 * origin is the call-back page's own, or the operator has listed it, or the person has agreed to it.
 */
export async function isTrusted(origin: string, own: string, listed: () => Promise<unknown>): Promise<boolean> {
  if (origin === own || agreed().includes(origin)) return true;
  const list = await listed().catch(() => undefined);
  return Array.isArray(list) && list.includes(origin);
}

const STORED = 'shout-box:trusted';

/** The person has agreed to this origin, now and for the next times. */
export function agree(origin: string): void {
  try {
    localStorage.setItem(STORED, JSON.stringify([...agreed(), origin]));
  } catch {
    // No storage: the question comes again next time.
  }
}

function agreed(): unknown[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
