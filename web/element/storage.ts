/** Storage throws where it is blocked or full, as in a sandboxed iframe. What would be kept then lives as long as the page. */
export function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
