const WITHIN_MS = 5_000;

/**
 * Checks that something answers at an address which the developer has configured. Any answer counts.
 *
 * @param variable environment variable that contains the address
 * @throws Error with a message of one sentence that names the variable
 */
export async function ensureAnswers(url: string, variable: string): Promise<void> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS), redirect: 'manual' });
  } catch (cause) {
    throw new Error(`Nothing answers at ${url}: start the server there, or unset ${variable}.`, { cause });
  }
}
