/** Returns what `use` returns; undefined if it throws, for example because of blocked storage or malformed JSON. */
export function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
