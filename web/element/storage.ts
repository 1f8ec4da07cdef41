/** Storage throws if it is blocked or full, as in a sandboxed iframe. Values then live as long as the page. */
export function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
