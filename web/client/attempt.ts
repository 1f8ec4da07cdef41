/** Returns what `use` returns; undefined if it throws, as blocked or full storage and malformed JSON do. */
export function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
