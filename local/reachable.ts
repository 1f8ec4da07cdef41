const WITHIN_MS = 5_000;

/**
 * Checks that something answers at an address which the developer configured; any answer counts.
 *
 * @throws Error in one sentence that names the variable
 */
export async function ensureAnswers(url: string, variable: string): Promise<void> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS), redirect: 'manual' });
  } catch (cause) {
    throw new Error(`Nothing answers at ${url}: start the server there, or unset ${variable}.`, { cause });
  }
}
