/** The storage that outlives a page; undefined where it is blocked, as in a sandboxed iframe. */
export function pageStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
