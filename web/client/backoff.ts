/**
 * Exponential backoff with full jitter: a random wait between zero and the ceiling, so that clients that lost the server
 * together do not return together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function fullJitter(attempt: number, random: () => number, base = 1_000, cap = 30_000): number {
  return random() * Math.min(cap, base * 2 ** attempt);
}
