/**
 * Like `Promise.all`, but rejects only after every promise has settled, so that nothing is still running when the
 * caller retries.
 */
export async function allEnded<T extends readonly unknown[]>(
  work: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
