/** @returns undefined if `use` throws, as storage does where it is blocked or full, and parsing where the input is malformed */
export function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
