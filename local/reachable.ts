const WITHIN_MS = 5_000;

/**
 * Whether someone answers at an address that the developer gave, whatever the answer.
 * @throws Error in one sentence that names the variable it came from
 */
export async function ensureAnswers(url: string, variable: string): Promise<void> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS), redirect: 'manual' });
  } catch (cause) {
    throw new Error(`Nobody answers at ${url}: start what is to be there, or unset ${variable}.`, { cause });
  }
}
